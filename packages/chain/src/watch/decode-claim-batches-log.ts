import { type Address, decodeEventLog, type Hex } from "viem";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { toMs } from "./log-times.ts";
import type { VaultFact } from "./vault-record.ts";

/** Reads one log of a contract of batches; null for what is another vault's, and for what claims nothing. */
export function decodeClaimBatchesLog(
  vault: Address,
  log: { data: Hex; topics: [] | [Hex, ...Hex[]] },
): VaultFact | null {
  const { eventName, args } = decodeEventLog({ abi: claimBatchesAbi, data: log.data, topics: log.topics });
  if (eventName !== "ClaimPosted" || args.vault.toLowerCase() !== vault.toLowerCase()) return null;
  const { orderHash, requester, token, payableAt, claim } = args;
  return { type: "claim_posted", orderHash, requester, node: claim.node, token, payableAt: toMs(payableAt) };
}
