import { BaseError } from "viem";
import type { Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import type { SignedTransaction } from "./sent-intent.ts";

/** What the chain's node said to a transaction. */
export type BroadcastAnswer =
  /** It has it, now or before. */
  | { is: "taken" }
  /** Its nonce is used, or another transaction that pays as much waits with it. */
  | { is: "nonce in use"; error: StoaError }
  /** It will not have it: nobody has it, if it was never sent before. */
  | { is: "refused"; error: StoaError }
  /** Nobody can tell. */
  | { is: "unknown"; error: StoaError };

const KNOWN = /already known|known transaction|already imported|already exists/i;
const NONCE =
  /nonce too low|nonce is too low|invalid nonce|nonce has already been used|replacement.*underpriced|underpriced.*replace/i;

/** Hands a node signed bytes, in one request: the same bytes can be sent again, the chain takes them at most once. */
export async function broadcast(
  chain: Chain,
  { raw, hash }: SignedTransaction,
  doing: string,
): Promise<BroadcastAnswer> {
  try {
    await chain.client.request({ method: "eth_sendRawTransaction", params: [raw] }, { retryCount: 0 });
    return { is: "taken" };
  } catch (cause) {
    const words = cause instanceof BaseError ? `${cause.message} ${cause.details}` : String(cause);
    if (KNOWN.test(words)) return { is: "taken" };
    const error = toChainError(cause, `${doing}: ${hash}`);
    if (NONCE.test(words)) return { is: "nonce in use", error };
    if (error.code !== "chain_unavailable") return { is: "refused", error };
    // The answer may be lost, and nothing else.
    return (await isKnown(chain, hash)) ? { is: "taken" } : { is: "unknown", error };
  }
}

async function isKnown(chain: Chain, hash: Hash): Promise<boolean> {
  return chain.client.getTransaction({ hash }).then(
    () => true,
    () => false,
  );
}
