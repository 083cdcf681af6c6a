import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { vaultAbi } from "../generated/vault.ts";

/** What a vault was deployed with; it never changes. */
export interface VaultParameters {
  operator: Address;
  arbiter: Address;
  feeRecipient: Address;
  faultPool: Address;
  feeBps: number;
  /** Bond of a challenge in basis points of the claimed charge. */
  challengeBondBps: number;
  /** Seconds. */
  withdrawDelay: number;
  /** Seconds. */
  challengeWindow: number;
}

/** Reads a vault's parameters. */
export async function vaultParameters(chain: Chain, vault: Address): Promise<VaultParameters> {
  const found = await readContract(chain, { address: vault, abi: vaultAbi, functionName: "parameters", args: [] });
  return { ...found, withdrawDelay: Number(found.withdrawDelay), challengeWindow: Number(found.challengeWindow) };
}
