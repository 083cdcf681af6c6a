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
 * Counts the reasons for which nobody took a task: those of the nodes that were asked first, the most frequent first.
 * For the same bids, what it says depends on the task's maximum price only in whether that price is enough for anybody
 * at all.
 * @param others nodes that were not asked, counted
 */
export function tallyUnserved(
  asked: readonly Pick<NodeUnserved, "reason" | "cost">[],
  others: readonly { reason: string; nodes: number }[] = [],
): UnservedTally[] {
  const priced = asked.filter(({ reason }) => isPriced(reason));
  const shared = PRICED.find((name) => priced.some((node) => node.reason === name)) ?? "price_too_low";
  const said = new Map<string, number>();
  for (const { reason } of asked) add(said, isPriced(reason) ? shared : reason, 1);
  const all = new Map(said);
  for (const { reason, nodes } of others) add(all, reason, nodes);
  const bands = costBands(priced.flatMap(({ cost }) => cost ?? []));
  return [...all]
    .sort(([a, nodesA], [b, nodesB]) => (said.get(b) ?? 0) - (said.get(a) ?? 0) || nodesB - nodesA || (a < b ? -1 : 1))
    .map(([reason, nodes]) => ({ reason, nodes, ...(reason === shared && bands.length > 0 && { bands }) }));
}

function add(counts: Map<string, number>, reason: string, nodes: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + nodes);
}

function isPriced(reason: string): boolean {
  return reason === BARRED_FOR_PRICE || (PRICED as readonly string[]).includes(reason);
}
