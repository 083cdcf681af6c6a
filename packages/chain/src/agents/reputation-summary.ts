import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { reputationRegistryAbi } from "../generated/reputation-registry.ts";

export interface ReputationSummary {
  count: bigint;
  /** The mean stands for mean / 10^decimals. */
  mean: bigint;
  decimals: number;
}

/**
 * Reads what the named clients say of an agent in the mean; only the settled-feedback contract for what was paid for.
 * @param of.tag1 of the feedback that counts; any when absent, like `tag2`
 * @throws {StoaError} `chain_rejected` when no client is named
 */
export async function reputationSummary(
  chain: Chain,
  of: { registry: Address; agentId: bigint; clients: readonly Address[]; tag1?: string; tag2?: string },
): Promise<ReputationSummary> {
  const { registry, agentId, clients, tag1 = "", tag2 = "" } = of;
  const [count, mean, decimals] = await readContract(chain, {
    address: registry,
    abi: reputationRegistryAbi,
    functionName: "getSummary",
    args: [agentId, clients, tag1, tag2],
  });
  return { count, mean, decimals };
}
