import type { Address } from "@stoa/protocol";
import { verifyMessage } from "viem";
import type { Chain } from "./connect-chain.ts";
import { toChainError } from "./to-chain-error.ts";

/**
 * Whether a message was signed by an account: by its key, or as the contract at the address says (ERC-1271), one that its
 * signature first deploys too (ERC-6492). Only what no key signed is asked of the chain.
 * @throws {StoaError} `chain_unavailable`
 */
export async function verifySignedMessage(
  { client }: Chain,
  signed: { address: Address; message: string; signature: `0x${string}` },
): Promise<boolean> {
  if (await verifyMessage(signed).catch(() => false)) return true;
  try {
    // A chain that is away would be taken for a contract that says no.
    await client.getBlockNumber({ cacheTime: 0 });
    return await client.verifyMessage(signed);
  } catch (cause) {
    throw toChainError(cause, "verifying a signature");
  }
}
