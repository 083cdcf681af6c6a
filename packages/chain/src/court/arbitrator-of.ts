import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { courtAbi } from "../generated/court.ts";

export interface ArbitratorAccount {
  /** What it can be drawn by: no seat locks it. */
  staked: bigint;
  unstaking: bigint;
  /** Epoch milliseconds from which that can be taken; null when nothing waits. */
  unlocksAt: number | null;
  /** Fees earned and bonds returned, to withdraw. */
  balance: bigint;
}

/** Reads what an arbitrator, or anyone with a bond, has at a court. */
export async function arbitratorOf(chain: Chain, court: Address, owner: Address): Promise<ArbitratorAccount> {
  const call = { address: court, abi: courtAbi, args: [owner] } as const;
  const [[staked, unstaking, unlockAt], balance] = await Promise.all([
    readContract(chain, { ...call, functionName: "stakeOf" }),
    readContract(chain, { ...call, functionName: "balanceOf" }),
  ]);
  return { staked, unstaking, unlocksAt: unstaking === 0n ? null : Number(unlockAt) * 1_000, balance };
}
