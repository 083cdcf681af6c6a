import type { Address } from "@stoa/protocol";
import { countUnaskedNodes } from "@stoa/store";
import type { MarketContext } from "../context.ts";

export interface UnaskedCount {
  reason: string;
  nodes: number;
}

/**
 * Why nodes were not asked about a capability's tasks, counted: read once for each agent version that tasks insist on.
 * @param asked the nodes that were
 */
export function unaskedNodes(
  { database, terms, clock }: Pick<MarketContext, "database" | "terms" | "clock">,
  capability: string,
  asked: readonly Address[],
): (agentVersion: string | null) => Promise<UnaskedCount[]> {
  const read = new Map<string | null, Promise<UnaskedCount[]>>();
  return (agentVersion) => {
    const filter = { capability, agentVersion, asked, minBond: terms.minBond, now: clock() };
    const counts = read.get(agentVersion) ?? countUnaskedNodes(database, filter);
    read.set(agentVersion, counts);
    return counts;
  };
}
