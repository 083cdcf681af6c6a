import type { Address } from "@stoa/protocol";
import type { Hex } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/** Reads what an agent says under a key; `0x` when it says nothing. */
export function agentMetadata(
  chain: Chain,
  { registry, agentId, key }: { registry: Address; agentId: bigint; key: string },
): Promise<Hex> {
  const args = [agentId, key] as const;
  return readContract(chain, { address: registry, abi: identityRegistryAbi, functionName: "getMetadata", args });
}
