import type { Hash } from "@stoa/protocol";
import type { HostedAgent } from "../agents/hosting.ts";

/** Weight of the newest execution in the running average: one in five. */
const NEWEST = 5n;

export interface ModelCosts {
  /** What the language models of an execution are likely to cost, in the token's smallest unit. */
  expected(agent: Pick<HostedAgent, "versionId" | "mostModelCost">): bigint;
  record(versionId: Hash, cost: bigint): void;
}

/** Learns what each agent version spends on language models here; one that has not run yet is taken to spend it all. */
export function createModelCosts(): ModelCosts {
  const averages = new Map<Hash, bigint>();
  return {
    expected: ({ versionId, mostModelCost = 0n }) => averages.get(versionId) ?? mostModelCost,
    record(versionId, cost) {
      const before = averages.get(versionId);
      averages.set(versionId, before === undefined ? cost : before + (cost - before) / NEWEST);
    },
  };
}
