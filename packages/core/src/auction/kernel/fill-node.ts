import { type Matching, match, unmatch, worthAtPrices } from "./matching.ts";

/** The cheapest way found so far to fill the slot: a task without slot comes by an edge, or a node gives up its price. */
interface Way {
  length: number;
  fromEdge: number;
  fromNode: number;
}

/** Looks at all tasks that could come to a node. */
function scanNode(matching: Matching, way: Way, node: number, far: number): void {
  const { graph, edgeOf, prices, search } = matching;
  const { nodeStart, edgesByNode, nodeOf, taskOf, weight } = graph;
  const { round, mark, distance, via, heap } = search;
  const worth = far + prices[node]!;
  if (worth < way.length) {
    way.length = worth;
    way.fromEdge = -1;
    way.fromNode = node;
  }
  for (let at = nodeStart[node]!, end = nodeStart[node + 1]!; at < end; at++) {
    const edge = edgesByNode[at]!;
    const task = taskOf[edge]!;
    const own = edgeOf[task]!;
    if (own === edge) continue;
    if (own < 0) {
      const next = worth + worthAtPrices(matching, task) - weight[edge]!;
      if (next >= way.length) continue;
      way.length = next;
      way.fromEdge = edge;
      way.fromNode = node;
      continue;
    }
    const from = nodeOf[own]!;
    const next = worth + weight[own]! - prices[from]! - weight[edge]!;
    if (next >= way.length || (mark[from] === round && distance[from]! <= next)) continue;
    mark[from] = round;
    distance[from] = next;
    via[from] = edge;
    heap.push(next, from);
  }
}

/** Moves every task on the way one node on, the last one into the slot to be filled. */
function moveAlong(matching: Matching, way: Way, root: number): void {
  const { graph, edgeOf, search } = matching;
  const moves = way.fromEdge < 0 ? [] : [way.fromEdge];
  for (let node = way.fromNode; node !== root; node = graph.nodeOf[search.via[node]!]!) moves.push(search.via[node]!);
  for (const edge of moves.toReversed()) {
    const task = graph.taskOf[edge]!;
    if (edgeOf[task]! >= 0) unmatch(matching, task);
    match(matching, task, edge);
  }
}

/**
 * Fills one free slot of a node that has a price, or lowers prices until a node with a free slot has none: the
 * mirror of placing a task, one Dijkstra search backwards from the node. Everything else stays optimal.
 */
export function fillNode(matching: Matching, root: number): void {
  const { prices, search } = matching;
  const { heap, distance, mark } = search;
  const way: Way = { length: prices[root]!, fromEdge: -1, fromNode: root };
  search.round++;
  search.settledCount = 0;
  heap.clear();
  mark[root] = search.round;
  distance[root] = 0;
  heap.push(0, root);
  while (heap.nearest < way.length) {
    const far = heap.nearest;
    const node = heap.pop();
    search.settled[search.settledCount++] = node;
    scanNode(matching, way, node, far);
  }
  for (let at = 0; at < search.settledCount; at++) {
    const node = search.settled[at]!;
    prices[node]! -= Math.max(0, way.length - distance[node]!);
  }
  moveAlong(matching, way, root);
}
