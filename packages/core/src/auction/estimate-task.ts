import type { Address } from "@stoa/protocol";
import { type CostBand, costBands, type NodeCost, type NodeCount } from "./cost-bands.ts";
import { leastMaxPrice } from "./least-max-price.ts";
import { tallyUnserved, type UnservedTally } from "./tally-unserved.ts";
import type { UnservedReason } from "./why-unserved.ts";

/** What a live node says it would do about a task that nobody has ordered. */
export interface QuoteAnswer {
  provider: Address;
  /** Null when it would bid now. */
  reason: UnservedReason | null;
  /** Ask and royalty, when the node tells it. */
  cost?: bigint;
  freeInMs: number;
  promisedSeconds: number;
}

/** What a task would meet. Nothing of it depends on a maximum price: one asks about that with {@link nodesWithin}. */
export interface TaskEstimate {
  /** Nodes that would bid now. */
  competitors: number;
  /** What it costs, platform fee included, at the nodes that could do it now or once they have a slot. */
  bands: CostBand[];
  /** When the first of those could start and, by the median of their promises, deliver; null when there is none. */
  start: { inMs: number; deliveredInMs: number } | null;
  /** Why the others would not, or not now. */
  reasons: UnservedTally[];
}

/**
 * Estimates what a task would meet from what live nodes answer.
 *
 * With at least three providers' costs known, a task cleared alone is charged the second lowest, which always lies in
 * the cheapest band.
 * @param others nodes that were not asked, counted
 */
export function estimateTask(
  answers: readonly QuoteAnswer[],
  terms: { feeBps: number; deliverInMs: number; others?: readonly { reason: string; nodes: number }[] },
): TaskEstimate {
  const judged = answers.map((answer) => ({ ...answer, reason: judge(answer, terms.deliverInMs) }));
  const able = judged.filter(({ reason }) => reason === null || reason === "no_free_slot");
  const costs = able.flatMap(({ provider, cost }): NodeCost[] =>
    cost === undefined ? [] : [{ provider, maxPrice: leastMaxPrice(cost, terms.feeBps) }],
  );
  const inMs = Math.min(...able.map(({ freeInMs }) => freeInMs));
  const promised = able.map(({ promisedSeconds }) => promisedSeconds).sort((a, b) => a - b);
  const medianMs = (promised[Math.floor((promised.length - 1) / 2)] ?? 0) * 1_000;
  return {
    competitors: judged.filter(({ reason }) => reason === null).length,
    bands: costBands(costs),
    start: able.length === 0 ? null : { inMs, deliveredInMs: inMs + medianMs },
    reasons: tallyUnserved(
      judged.flatMap(({ reason }) => (reason === null ? [] : { reason })),
      terms.others,
    ),
  };
}

/** A node that could not deliver in time once it has a slot is too slow, whatever else it says. */
function judge({ reason, promisedSeconds, freeInMs }: QuoteAnswer, deliverInMs: number): UnservedReason | null {
  if (reason !== null && reason !== "no_free_slot") return reason;
  if (promisedSeconds * 1_000 > deliverInMs) return "deadline_too_short";
  return reason === null || freeInMs + promisedSeconds * 1_000 <= deliverInMs ? reason : "deadline_too_short";
}

/** How many nodes a maximum price pays for, as far as the bands tell; null when there are none. */
export function nodesWithin(bands: readonly CostBand[], maxPrice: bigint): NodeCount | null {
  if (bands.length === 0) return null;
  const sum = (inside: readonly CostBand[], of: keyof NodeCount) =>
    inside.reduce((total, { nodes }) => total + nodes[of], 0);
  return {
    atLeast: sum(
      bands.filter(({ upTo }) => upTo <= maxPrice),
      "atLeast",
    ),
    atMost: sum(
      bands.filter(({ above }) => above < maxPrice),
      "atMost",
    ),
  };
}
