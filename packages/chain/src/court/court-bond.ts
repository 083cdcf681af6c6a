import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { courtAbi } from "../generated/court.ts";

export interface CourtBond {
  /** What bonds are posted in. */
  token: Address;
  amount: bigint;
}

/** What either side posts to open a dispute by the rules of now, or for a round of a dispute that stands. */
export async function courtBond(
  chain: Chain,
  court: Address,
  standing?: { disputeId: bigint; round: number },
): Promise<CourtBond> {
  const call = { address: court, abi: courtAbi } as const;
  const token = await readContract(chain, { ...call, functionName: "token", args: [] });
  if (standing) {
    const args = [standing.disputeId, BigInt(standing.round)] as const;
    return { token, amount: await readContract(chain, { ...call, functionName: "bondOf", args }) };
  }
  const rules = await readContract(chain, { ...call, functionName: "parameters", args: [] });
  return { token, amount: rules.bondPerSeat * BigInt(rules.firstSeats) };
}
