import { type CostBand, costBands } from "./cost-bands.ts";
import type { NodeUnserved } from "./why-unserved.ts";

/** How many nodes gave one reason. Where more money would help: what it costs at them, in bands. */
export interface UnservedTally {
  reason: string;
  nodes: number;
  bands?: CostBand[];
}

/**
 * Reasons that a higher maximum price does away with, the one that stands nearest to winning first. All nodes that have
 * one of them are told under the first that any of them has: which node is on which side of the maximum would give its
 * cost away to whoever asks with one maximum after another.
 */
const PRICED = ["outbid", "reputation_too_low", "price_too_low"] as const;
const BARRED_FOR_PRICE = "below_cost";

/**
 * Counts the reasons for which nobody took a task, the most frequent first. For the same bids, what it says depends on
 * the task's maximum price only in whether that price is enough for anybody at all.
 *
 * @param others nodes that were not asked, counted
 */
export function tallyUnserved(
  nodes: readonly Pick<NodeUnserved, "reason" | "cost">[],
  others: readonly { reason: string; nodes: number }[] = [],
): UnservedTally[] {
  const counts = new Map(others.map((other) => [other.reason, other.nodes]));
  const priced = nodes.filter(({ reason }) => isPriced(reason));
  for (const { reason } of nodes) {
    if (!isPriced(reason)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const tallies: UnservedTally[] = [...counts].map(([reason, count]) => ({ reason, nodes: count }));
  if (priced.length > 0) {
    const reason = PRICED.find((name) => priced.some((node) => node.reason === name)) ?? "price_too_low";
    const bands = costBands(priced.flatMap(({ cost }) => cost ?? []));
    tallies.push({ reason, nodes: priced.length, ...(bands.length > 0 && { bands }) });
  }
  return tallies.sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
}

function isPriced(reason: string): boolean {
  return reason === BARRED_FOR_PRICE || (PRICED as readonly string[]).includes(reason);
}
