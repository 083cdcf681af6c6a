import type { Graph } from "./graph.ts";
import type { Matching } from "./matching.ts";

/** From node to node, by a matched task that could move: the cost is the slack of the edge it would move to. */
export interface Arcs {
  /** Arcs of a node: from `start[node]` up to `start[node + 1]`, cheapest first. */
  start: Int32Array;
  cost: Float64Array;
  edge: Int32Array;
  /** The task that moves. */
  task: Int32Array;
  /** The node at the other end. */
  node: Int32Array;
}

/** Gaps of Ciura (2001). */
const GAPS = [701, 301, 132, 57, 23, 10, 4, 1];

/** Sorts part of two arrays by the first: Shell's sort, for lists of a few to a few thousand without a comparator. */
function sortByCost(cost: Float64Array, edge: Int32Array, first: number, end: number): void {
  for (const gap of GAPS) {
    for (let at = first + gap; at < end; at++) {
      const movedCost = cost[at]!;
      const movedEdge = edge[at]!;
      let to = at;
      for (; to - gap >= first && cost[to - gap]! > movedCost; to -= gap) {
        cost[to] = cost[to - gap]!;
        edge[to] = edge[to - gap]!;
      }
      cost[to] = movedCost;
      edge[to] = movedEdge;
    }
  }
}

function emptyArcs({ nodeCount, weight }: Graph): Arcs {
  return {
    start: new Int32Array(nodeCount + 1),
    cost: new Float64Array(weight.length),
    edge: new Int32Array(weight.length),
    task: new Int32Array(weight.length),
    node: new Int32Array(weight.length),
  };
}

/** The arcs out of every node, sorted: a search looks no further along them than it must. */
export function arcsOut({ graph, edgeOf, prices, slotStart, slotTask, load }: Matching): Arcs {
  const { nodeCount, taskStart, taskOf, nodeOf, weight } = graph;
  const arcs = emptyArcs(graph);
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    const first = slotStart[node]!;
    for (let slot = first, last = first + load[node]!; slot < last; slot++) {
      const task = slotTask[slot]!;
      const own = edgeOf[task]!;
      const worth = weight[own]! - prices[node]!;
      for (let edge = taskStart[task]!, end = taskStart[task + 1]!; edge < end; edge++) {
        if (edge === own) continue;
        arcs.cost[count] = worth + prices[nodeOf[edge]!]! - weight[edge]!;
        arcs.edge[count++] = edge;
      }
    }
    sortByCost(arcs.cost, arcs.edge, arcs.start[node]!, count);
    arcs.start[node + 1] = count;
  }
  for (let at = 0; at < count; at++) {
    const edge = arcs.edge[at]!;
    arcs.task[at] = taskOf[edge]!;
    arcs.node[at] = nodeOf[edge]!;
  }
  return arcs;
}

/**
 * The edges of every task, best offers first: the cost is price − weight, to which whoever asks adds the task's u.
 * Unlike arcs it does not depend on where the task is.
 */
export function offersOfTasks({ graph, prices }: Matching): Arcs {
  const { taskCount, taskStart, taskOf, nodeOf, weight } = graph;
  const offers = { ...emptyArcs(graph), start: taskStart, task: taskOf };
  for (let task = 0; task < taskCount; task++) {
    const first = taskStart[task]!;
    const end = taskStart[task + 1]!;
    for (let edge = first; edge < end; edge++) {
      offers.cost[edge] = prices[nodeOf[edge]!]! - weight[edge]!;
      offers.edge[edge] = edge;
    }
    sortByCost(offers.cost, offers.edge, first, end);
    for (let at = first; at < end; at++) offers.node[at] = nodeOf[offers.edge[at]!]!;
  }
  return offers;
}

/** The arcs into every node that cost less than a limit, sorted. */
export function arcsIn({ graph, edgeOf, prices }: Matching, limit: number): Arcs {
  const { nodeCount, nodeStart, edgesByNode, nodeOf, taskOf, weight } = graph;
  const arcs = emptyArcs(graph);
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    for (let at = nodeStart[node]!, end = nodeStart[node + 1]!; at < end; at++) {
      const edge = edgesByNode[at]!;
      const own = edgeOf[taskOf[edge]!]!;
      if (own < 0 || own === edge) continue;
      const cost = weight[own]! - prices[nodeOf[own]!]! + prices[node]! - weight[edge]!;
      if (cost >= limit) continue;
      arcs.cost[count] = cost;
      arcs.edge[count++] = edge;
    }
    sortByCost(arcs.cost, arcs.edge, arcs.start[node]!, count);
    arcs.start[node + 1] = count;
  }
  for (let at = 0; at < count; at++) {
    const task = taskOf[arcs.edge[at]!]!;
    arcs.task[at] = task;
    arcs.node[at] = nodeOf[edgeOf[task]!]!;
  }
  return arcs;
}
