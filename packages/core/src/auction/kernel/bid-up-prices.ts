import type { Graph } from "./graph.ts";

/** The auction's step is the mean weight over this: finer steps cost more bids, coarser ones more repair (measured). */
const STEPS = 256;

/** Bids are bounded: the prices need not be final, only near. */
const BIDS_PER_TASK = 256;

/** The auction's state: every slot has a price of its own, a node's price is its cheapest slot's. */
interface Bidding {
  graph: Graph;
  step: number;
  prices: Float64Array;
  slotStart: Int32Array;
  /** -1 for a slot that is still free. */
  slotPrice: Float64Array;
  slotTask: Int32Array;
}

/** Lets a task bid for the node that offers it most. @returns the task it drives out, or -1 */
function bid({ graph, step, prices, slotStart, slotPrice, slotTask }: Bidding, task: number): number {
  const { taskStart, nodeOf, weight } = graph;
  const end = taskStart[task + 1]!;
  let best = 0;
  let second = 0;
  let node = -1;
  for (let edge = taskStart[task]!; edge < end; edge++) {
    const worth = weight[edge]! - prices[nodeOf[edge]!]!;
    if (worth > best) {
      second = best;
      best = worth;
      node = nodeOf[edge]!;
    } else if (worth > second) second = worth;
  }
  if (node < 0) return -1;
  const first = slotStart[node]!;
  const last = slotStart[node + 1]!;
  let cheapest = first;
  for (let slot = first + 1; slot < last; slot++) if (slotPrice[slot]! < slotPrice[cheapest]!) cheapest = slot;
  const loser = slotTask[cheapest]!;
  slotTask[cheapest] = task;
  // A free slot goes for nothing; one that is taken, for what the task would pay rather than go elsewhere.
  slotPrice[cheapest] = loser < 0 ? 0 : slotPrice[cheapest]! + best - second + step;
  let price = slotPrice[cheapest]!;
  for (let slot = first; slot < last; slot++) if (slotPrice[slot]! < price) price = slotPrice[slot]!;
  prices[node] = Math.max(0, price);
  return loser;
}

/**
 * Prices near those of an optimum, by one auction in coarse steps: a task without slot bids for its best node the
 * most it would pay before its second best is better, and a step more, and drives out the cheapest task there
 * (Bertsekas 1988; Bertsekas and Castañón 1989 for nodes with several slots). Searches that start from these
 * prices are short; ones that start from nothing must raise all prices of a contested market bit by bit.
 * Prices only ever rise from 0, so that a node nobody fights for stays free.
 */
export function bidUpPrices(graph: Graph): Float64Array {
  const { taskCount, nodeCount, weight } = graph;
  const slotStart = new Int32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) slotStart[node + 1] = slotStart[node]! + graph.slots[node]!;
  let sum = 0;
  for (const each of weight) sum += each;
  const bidding: Bidding = {
    graph,
    step: Math.max(1, Math.floor(sum / weight.length / STEPS)),
    prices: new Float64Array(nodeCount),
    slotStart,
    slotPrice: new Float64Array(slotStart[nodeCount]!).fill(-1),
    slotTask: new Int32Array(slotStart[nodeCount]!).fill(-1),
  };
  let bids = BIDS_PER_TASK * taskCount;
  for (let task = 0; task < taskCount; task++) {
    for (let bidder = task; bidder >= 0 && bids > 0; bids--) bidder = bid(bidding, bidder);
  }
  return bidding.prices;
}
