import type { Graph } from "./graph.ts";
import { fillNode } from "./fill-node.ts";
import { emptyMatching, type Matching, match } from "./matching.ts";
import { placeTask } from "./place-task.ts";

/** Matches a task with a node that offers it most and has a free slot. @returns false when it wants one and got none */
function takeBest(matching: Matching, task: number): boolean {
  const { graph, prices, load } = matching;
  const { taskStart, nodeOf, weight, slots } = graph;
  let worth = 0;
  let best = -1;
  for (let edge = taskStart[task]!; edge < taskStart[task + 1]!; edge++) {
    const node = nodeOf[edge]!;
    const offer = weight[edge]! - prices[node]!;
    if (offer < worth || offer === 0) continue;
    if (offer === worth && load[node]! >= slots[node]!) continue;
    worth = offer;
    best = edge;
  }
  if (best < 0) return true;
  const node = nodeOf[best]!;
  if (load[node]! >= slots[node]!) return false;
  match(matching, task, best);
  return true;
}

/**
 * The optimal matching, reached from any prices ≥ 0 whatever: every task takes a best node while it has a slot,
 * then free slots of nodes that have a price are filled and tasks left over are placed, each by one search.
 * Good prices make few and short searches; the optimum is the same from all.
 */
export function solveFromPrices(graph: Graph, prices: Float64Array): Matching {
  const matching = emptyMatching(graph, prices);
  const { load, edgeOf } = matching;
  const rest: number[] = [];
  for (let task = 0; task < graph.taskCount; task++) if (!takeBest(matching, task)) rest.push(task);
  for (let node = 0; node < graph.nodeCount; node++) {
    while (prices[node]! > 0 && load[node]! < graph.slots[node]!) fillNode(matching, node);
  }
  for (const task of rest) if (edgeOf[task]! < 0) placeTask(matching, task);
  return matching;
}
