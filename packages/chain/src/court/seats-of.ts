import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { courtAbi } from "../generated/court.ts";
import { type Side, sideAt } from "./sides.ts";

/** An arbitrator's seats on a panel. */
export interface PanelSeats {
  count: number;
  committed: boolean;
  /** What it revealed; "none" until it did. */
  choice: Side;
  collected: boolean;
}

/** Reads an arbitrator's seats in a round of a dispute; none where it was not drawn. */
export async function seatsOf(
  chain: Chain,
  court: Address,
  { disputeId, round, arbitrator }: { disputeId: bigint; round: number; arbitrator: Address },
): Promise<PanelSeats> {
  const { count, commitment, choice, collected } = await readContract(chain, {
    address: court,
    abi: courtAbi,
    functionName: "seatsOf",
    args: [disputeId, BigInt(round), arbitrator],
  });
  return { count, committed: BigInt(commitment) !== 0n, choice: sideAt(choice), collected };
}
