import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Reads which contract holds the stakes behind a vault's awards; it never changes. */
export async function nodesOf(chain: Chain, vault: Address): Promise<Address> {
  return await readContract(chain, { address: vault, abi: vaultAbi, functionName: "nodes", args: [] });
}
