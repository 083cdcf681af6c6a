import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { vaultAbi } from "../generated/vault.ts";

export interface VaultBalance {
  /** What the owner can spend. */
  available: bigint;
  /** What waits to be withdrawn; a settlement still reaches it. */
  withdrawing: bigint;
  /** Epoch milliseconds from which it can be withdrawn; null when nothing waits. */
  unlocksAt: number | null;
}

/** Reads what an owner has in a vault, in the token's smallest unit. */
export async function vaultBalance(
  chain: Chain,
  vault: Address,
  owner: Address,
  token: Address,
): Promise<VaultBalance> {
  const call = { address: vault, abi: vaultAbi, args: [owner, token] } as const;
  const [available, [withdrawing, unlockAt]] = await Promise.all([
    readContract(chain, { ...call, functionName: "balanceOf" }),
    readContract(chain, { ...call, functionName: "pendingWithdrawal" }),
  ]);
  return { available, withdrawing, unlocksAt: withdrawing === 0n ? null : Number(unlockAt) * 1_000 };
}
