import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { validationRegistryAbi } from "../generated/validation-registry.ts";

/** Reads how many of an agent's requests the named validators, or any, answered, and the mean from 0 to 100. */
export async function validationSummary(
  chain: Chain,
  of: { registry: Address; agentId: bigint; validators?: readonly Address[]; tag?: string },
): Promise<{ count: bigint; mean: number }> {
  const { registry, agentId, validators = [], tag = "" } = of;
  const [count, mean] = await readContract(chain, {
    address: registry,
    abi: validationRegistryAbi,
    functionName: "getSummary",
    args: [agentId, validators, tag],
  });
  return { count, mean };
}
