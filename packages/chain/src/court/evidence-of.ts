import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { courtAbi } from "../generated/court.ts";

/** Evidence as the court keeps it; where it is stands in the `EvidenceSubmitted` event of its index. */
export interface Exhibit {
  by: Address;
  /** Epoch milliseconds. */
  shownAt: number;
  contentHash: Hash;
}

/** Reads what both sides have shown in a dispute, in the order they showed it. */
export async function evidenceOf(chain: Chain, court: Address, disputeId: bigint): Promise<Exhibit[]> {
  const call = { address: court, abi: courtAbi, functionName: "evidenceOf", args: [disputeId] } as const;
  const found = await readContract(chain, call);
  return found.map(({ by, shownAt, contentHash }) => ({ by, shownAt: Number(shownAt) * 1_000, contentHash }));
}
