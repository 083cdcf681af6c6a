import { type Matching, type SearchSpace, searchSpace } from "./matching.ts";
import type { Arcs } from "./residual-arcs.ts";

/** Two searches that grow towards each other: forward from a task, backward from its node. */
interface Meeting {
  matching: Matching;
  out: Arcs;
  into: Arcs;
  forward: SearchSpace;
  backward: SearchSpace;
  node: number;
  /** The length of the shortest way found. */
  margin: number;
}

/** Reaches a node on one side; when the other side has been there, a whole way is found. */
function reach(meeting: Meeting, side: SearchSpace, other: SearchSpace, node: number, far: number): void {
  if (side.mark[node] === side.round && side.distance[node]! <= far) return;
  side.mark[node] = side.round;
  side.distance[node] = far;
  side.heap.push(far, node);
  if (other.mark[node] === other.round) meeting.margin = Math.min(meeting.margin, far + other.distance[node]!);
}

function stepForward(meeting: Meeting, nearest: number): void {
  const { out, forward, backward } = meeting;
  const far = forward.heap.nearest;
  const node = forward.heap.pop();
  if (node === meeting.node) return;
  for (let at = out.start[node]!, end = out.start[node + 1]!; at < end; at++) {
    const next = far + out.cost[at]!;
    if (next + nearest >= meeting.margin) return;
    reach(meeting, forward, backward, out.node[at]!, next);
  }
}

/** @param range no way into the node that matters is longer, whichever of its tasks it comes from */
function stepBackward(meeting: Meeting, range: number): void {
  const { into, forward, backward } = meeting;
  const far = backward.heap.nearest;
  const node = backward.heap.pop();
  for (let at = into.start[node]!, end = into.start[node + 1]!; at < end; at++) {
    const next = far + into.cost[at]!;
    if (next >= range) return;
    const from = into.node[at]!;
    if (from !== meeting.node) reach(meeting, backward, forward, from, next);
  }
}

/** What it costs a task at least to leave its node: to stay unserved, or for its next best edge. */
function costOfLeaving({ graph, edgeOf, prices }: Matching, task: number): number {
  const { taskStart, nodeOf, weight } = graph;
  const own = edgeOf[task]!;
  const worth = weight[own]! - prices[nodeOf[own]!]!;
  let cost = worth;
  for (let edge = taskStart[task]!; edge < taskStart[task + 1]!; edge++) {
    if (edge !== own) cost = Math.min(cost, worth + prices[nodeOf[edge]!]! - weight[edge]!);
  }
  return cost;
}

/** The margin of one task: the shortest way from it to its node. Its search begins anew; the node's own goes on. */
function marginOf(meeting: Meeting, task: number, range: number): number {
  const { matching, forward, backward } = meeting;
  const { graph, edgeOf, prices } = matching;
  const { taskStart, nodeOf, weight } = graph;
  const own = edgeOf[task]!;
  const worth = weight[own]! - prices[meeting.node]!;
  // By way of the ground: any other node, or leaving, is a free way there, and from there to the node is its range.
  meeting.margin = costOfLeaving(matching, task) + range;
  if (range === 0) return meeting.margin;
  forward.round++;
  forward.heap.clear();
  for (let edge = taskStart[task]!; edge < taskStart[task + 1]!; edge++) {
    const far = worth + prices[nodeOf[edge]!]! - weight[edge]!;
    if (edge !== own && far < meeting.margin) reach(meeting, forward, backward, nodeOf[edge]!, far);
  }
  while (forward.heap.nearest + backward.heap.nearest < meeting.margin) {
    if (forward.heap.size <= backward.heap.size) stepForward(meeting, backward.heap.nearest);
    else stepBackward(meeting, range);
  }
  return meeting.margin;
}

/**
 * W(N) − W(without its edge), for every matched task: the shortest way round from the task to the slot it would
 * leave free. By way of the ground it is the cost of leaving and the node's price range; a shorter one is found by
 * two searches that meet half-way (Pohl 1971), of which the one from the node is shared by all its tasks.
 * @param ranges as `priceRanges` has them, at the highest prices, where every node has a free way to the ground
 * @param into all arcs that cost less than the greatest range
 * @returns by task; 0 where unmatched
 */
export function marginsOfTasks(matching: Matching, ranges: Float64Array, out: Arcs, into: Arcs): Float64Array {
  const { graph, slotStart, slotTask, load, search } = matching;
  const margins = new Float64Array(graph.taskCount);
  const meeting: Meeting = {
    matching,
    out,
    into,
    forward: search,
    backward: searchSpace(graph),
    node: -1,
    margin: 0,
  };
  const { backward } = meeting;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (load[node] === 0) continue;
    meeting.node = node;
    backward.round++;
    backward.heap.clear();
    backward.mark[node] = backward.round;
    backward.distance[node] = 0;
    backward.heap.push(0, node);
    const first = slotStart[node]!;
    for (let slot = first, last = first + load[node]!; slot < last; slot++) {
      margins[slotTask[slot]!] = marginOf(meeting, slotTask[slot]!, ranges[node]!);
    }
  }
  return margins;
}
