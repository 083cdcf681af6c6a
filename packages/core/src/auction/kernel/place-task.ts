import { type Matching, type SearchSpace, match, unmatch, worthAtPrices } from "./matching.ts";

/** The shortest way found so far from a task to a free slot or to leaving a task unserved; -1 for what it does not end in. */
interface Way {
  length: number;
  freeNode: number;
  leftTask: number;
}

/** Looks at all that a task could move to. @param worth how far away the task is, plus its u */
function scanTask(matching: Matching, way: Way, task: number, worth: number): void {
  const { graph, edgeOf, prices, load, search } = matching;
  const { taskStart, nodeOf, weight, slots } = graph;
  const { round, mark, distance, via, heap } = search;
  const own = edgeOf[task]!;
  if (worth < way.length) {
    way.length = worth;
    way.leftTask = task;
    way.freeNode = -1;
  }
  let limit = way.length;
  for (let edge = taskStart[task]!, end = taskStart[task + 1]!; edge < end; edge++) {
    const node = nodeOf[edge]!;
    const next = worth + prices[node]! - weight[edge]!;
    if (next >= limit || edge === own || (mark[node] === round && distance[node]! <= next)) continue;
    mark[node] = round;
    distance[node] = next;
    via[node] = edge;
    if (load[node]! < slots[node]!) {
      limit = way.length = next;
      way.freeNode = node;
      way.leftTask = -1;
    } else heap.push(next, node);
  }
}

/** Raises the prices of the nodes a search has settled, so that the way found costs nothing any more. */
function raisePrices(prices: Float64Array, search: SearchSpace, length: number): void {
  for (let at = 0; at < search.settledCount; at++) {
    const node = search.settled[at]!;
    prices[node]! += length - search.distance[node]!;
  }
}

/** Moves every task on the way one node on. */
function moveAlong(matching: Matching, way: Way, root: number): void {
  const { graph, edgeOf, search } = matching;
  let node = way.freeNode;
  if (node < 0) {
    if (way.leftTask === root) return;
    node = graph.nodeOf[edgeOf[way.leftTask]!]!;
    unmatch(matching, way.leftTask);
  }
  for (;;) {
    const edge = search.via[node]!;
    const task = graph.taskOf[edge]!;
    const previous = edgeOf[task]!;
    if (previous >= 0) unmatch(matching, task);
    match(matching, task, edge);
    if (previous < 0) return;
    node = graph.nodeOf[previous]!;
  }
}

/**
 * Places one more task, or finds that it stays unserved, and keeps everything else optimal: one Dijkstra search
 * over nodes by reduced weights (successive shortest paths; Jonker and Volgenant 1987), ended by the first way
 * that nothing nearer can shorten.
 */
export function placeTask(matching: Matching, root: number): void {
  const { graph, edgeOf, prices, slotStart, slotTask, load, search } = matching;
  const { weight } = graph;
  const { heap } = search;
  const worth = worthAtPrices(matching, root);
  const way: Way = { length: worth, freeNode: -1, leftTask: root };
  search.round++;
  search.settledCount = 0;
  heap.clear();
  scanTask(matching, way, root, worth);
  while (heap.nearest < way.length) {
    const far = heap.nearest;
    const node = heap.pop();
    search.settled[search.settledCount++] = node;
    const first = slotStart[node]!;
    for (let slot = first, end = first + load[node]!; slot < end; slot++) {
      const task = slotTask[slot]!;
      scanTask(matching, way, task, far + weight[edgeOf[task]!]! - prices[node]!);
    }
  }
  raisePrices(prices, search, way.length);
  moveAlong(matching, way, root);
}
