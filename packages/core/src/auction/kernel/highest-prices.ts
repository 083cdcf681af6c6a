import type { Matching } from "./matching.ts";

/** The nearest way of each node to the ground. */
export interface WaysOut {
  /** The edge by which one of the node's tasks moves on, or -1 where the way ends: at a free slot, or by leaving a task unserved. */
  next: Int32Array;
}

/** How far a node is from the ground by itself: 0 with a free slot, else the least worth of its tasks. */
function ownWayOut({ graph, edgeOf, prices, slotStart, slotTask, load }: Matching, node: number): number {
  if (load[node]! < graph.slots[node]!) return 0;
  let least = Infinity;
  const first = slotStart[node]!;
  for (let slot = first; slot < first + load[node]!; slot++) {
    least = Math.min(least, graph.weight[edgeOf[slotTask[slot]!]!]! - prices[node]!);
  }
  return least;
}

/**
 * Raises an optimum's prices to the highest that prove it: by the length of each node's shortest way to the
 * ground, to which every free slot and every task that could stay unserved is joined. One backward Dijkstra
 * search from there finds all ways. At these prices every node has a way out that costs nothing, and a node's price
 * is exactly what the market loses with one slot of it (Leonard 1983; Demange, Gale and Sotomayor 1986).
 */
export function raiseToHighestPrices(matching: Matching): WaysOut {
  const { graph, edgeOf, prices, search } = matching;
  const { nodeCount, nodeStart, edgesByNode, nodeOf, taskOf, weight } = graph;
  const { heap, distance } = search;
  const next = new Int32Array(nodeCount).fill(-1);
  heap.clear();
  for (let node = 0; node < nodeCount; node++) {
    // A node without slots has no edges: nothing to raise.
    distance[node] = graph.slots[node]! > 0 ? ownWayOut(matching, node) : 0;
    heap.push(distance[node]!, node);
  }
  while (heap.size > 0) {
    const node = heap.pop();
    const worth = distance[node]! + prices[node]!;
    for (let at = nodeStart[node]!, end = nodeStart[node + 1]!; at < end; at++) {
      const edge = edgesByNode[at]!;
      const own = edgeOf[taskOf[edge]!]!;
      if (own < 0 || own === edge) continue;
      const from = nodeOf[own]!;
      const far = worth + weight[own]! - prices[from]! - weight[edge]!;
      if (far >= distance[from]!) continue;
      distance[from] = far;
      next[from] = edge;
      heap.push(far, from);
    }
  }
  for (let node = 0; node < nodeCount; node++) prices[node]! += distance[node]!;
  return { next };
}

/**
 * How far below the highest prices the lowest ones are that prove the same optimum: the length of each node's
 * shortest way from the ground, by one forward Dijkstra search. It bounds every margin of the node.
 */
export function priceRanges(matching: Matching): Float64Array {
  const { graph, edgeOf, prices, slotStart, slotTask, load, search } = matching;
  const { nodeCount, taskCount, taskStart, nodeOf, weight } = graph;
  const { heap } = search;
  const ranges = prices.slice();
  for (let task = 0; task < taskCount; task++) {
    if (edgeOf[task]! >= 0) continue;
    for (let edge = taskStart[task]!; edge < taskStart[task + 1]!; edge++) {
      const node = nodeOf[edge]!;
      ranges[node] = Math.min(ranges[node]!, prices[node]! - weight[edge]!);
    }
  }
  heap.clear();
  for (let node = 0; node < nodeCount; node++) heap.push(ranges[node]!, node);
  while (heap.size > 0) {
    const node = heap.pop();
    const far = ranges[node]! - prices[node]!;
    const first = slotStart[node]!;
    for (let slot = first, last = first + load[node]!; slot < last; slot++) {
      const task = slotTask[slot]!;
      const worth = far + weight[edgeOf[task]!]!;
      for (let edge = taskStart[task]!, end = taskStart[task + 1]!; edge < end; edge++) {
        const to = nodeOf[edge]!;
        const next = worth + prices[to]! - weight[edge]!;
        if (next >= ranges[to]!) continue;
        ranges[to] = next;
        heap.push(next, to);
      }
    }
  }
  return ranges;
}
