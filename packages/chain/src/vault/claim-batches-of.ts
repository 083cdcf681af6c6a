import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Reads which contract's batches of claims a vault pays; it never changes. */
export async function claimBatchesOf(chain: Chain, vault: Address): Promise<Address> {
  return await readContract(chain, { address: vault, abi: vaultAbi, functionName: "claimBatches", args: [] });
}
