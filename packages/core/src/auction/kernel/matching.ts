import type { Graph } from "./graph.ts";
import { VertexHeap } from "./vertex-heap.ts";

/**
 * A matching with a price v per node. A task's worth u is not kept: it is weight − price where matched, and
 * otherwise the most that any of its edges offers at the prices. Once solved: v ≥ 0, v > 0 only for a full node;
 * u ≥ 0 and u + v ≥ w on every edge; u = 0 where unmatched.
 */
export interface Matching {
  readonly graph: Graph;
  /** Edge of each task, or -1. */
  readonly edgeOf: Int32Array;
  readonly prices: Float64Array;
  /** Tasks of a node: `slotTask` from `slotStart[node]` on, `load[node]` of them. */
  readonly slotStart: Int32Array;
  readonly slotTask: Int32Array;
  readonly load: Int32Array;
  /** Where in `slotTask` a matched task stands. */
  readonly slotOf: Int32Array;
  readonly search: SearchSpace;
}

/** What searches over nodes write to, kept from one to the next so that none begins by clearing it. */
export interface SearchSpace {
  /** Number of the search at hand; a node's entries count when its `mark` is that number. */
  round: number;
  readonly mark: Int32Array;
  readonly distance: Float64Array;
  /** The edge by which a node is reached. */
  readonly via: Int32Array;
  /** Nodes whose distance is final, in that order. */
  readonly settled: Int32Array;
  settledCount: number;
  readonly heap: VertexHeap;
}

/** The space for searches over a graph. */
export function searchSpace({ nodeCount }: Graph): SearchSpace {
  return {
    round: 0,
    mark: new Int32Array(nodeCount),
    distance: new Float64Array(nodeCount),
    via: new Int32Array(nodeCount),
    settled: new Int32Array(nodeCount),
    settledCount: 0,
    heap: new VertexHeap(nodeCount),
  };
}

/** The matching of nothing, at prices that it keeps and changes. */
export function emptyMatching(graph: Graph, prices: Float64Array): Matching {
  const slotStart = new Int32Array(graph.nodeCount + 1);
  for (let node = 0; node < graph.nodeCount; node++) slotStart[node + 1] = slotStart[node]! + graph.slots[node]!;
  return {
    graph,
    edgeOf: new Int32Array(graph.taskCount).fill(-1),
    prices,
    slotStart,
    slotTask: new Int32Array(slotStart[graph.nodeCount]!),
    load: new Int32Array(graph.nodeCount),
    slotOf: new Int32Array(graph.taskCount),
    search: searchSpace(graph),
  };
}

/** Matches a task by an edge to a node with a free slot. */
export function match(matching: Matching, task: number, edge: number): void {
  const node = matching.graph.nodeOf[edge]!;
  const slot = matching.slotStart[node]! + matching.load[node]!++;
  matching.edgeOf[task] = edge;
  matching.slotTask[slot] = task;
  matching.slotOf[task] = slot;
}

/** Takes a matched task off its node. */
export function unmatch(matching: Matching, task: number): void {
  const node = matching.graph.nodeOf[matching.edgeOf[task]!]!;
  const lastSlot = matching.slotStart[node]! + --matching.load[node]!;
  const last = matching.slotTask[lastSlot]!;
  const slot = matching.slotOf[task]!;
  matching.slotTask[slot] = last;
  matching.slotOf[last] = slot;
  matching.edgeOf[task] = -1;
}

/** What a task's best edge offers at the prices, or 0 when none is worth its price. */
export function worthAtPrices({ graph, prices }: Matching, task: number): number {
  const { taskStart, nodeOf, weight } = graph;
  let worth = 0;
  for (let edge = taskStart[task]!; edge < taskStart[task + 1]!; edge++) {
    worth = Math.max(worth, weight[edge]! - prices[nodeOf[edge]!]!);
  }
  return worth;
}
