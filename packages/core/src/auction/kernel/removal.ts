import type { Matching } from "./matching.ts";
import { type Arcs, offersOfTasks } from "./residual-arcs.ts";

/**
 * A node being taken out of an optimum, slot by slot, with a journal by which all of it is undone.
 *
 * The matching itself stays as it is: what differs from it stands here. `Home` is the node a task has in the
 * optimum; a task that was moved is a guest elsewhere.
 */
export interface Removal {
  readonly matching: Matching;
  /**
   * What stays while nodes come and go: the arcs of tasks at home, the offers of all tasks, and by node the least worth
   * of a task there, or Infinity.
   */
  readonly out: Arcs;
  readonly offers: Arcs;
  readonly leastWorth: Float64Array;
  /** Edge and node of each task now, or -1. */
  readonly edgeNow: Int32Array;
  readonly nodeNow: Int32Array;
  readonly loadNow: Int32Array;
  /** By how much a node's price is over the optimum's. */
  readonly raised: Float64Array;
  /** Linked list of a node's guests. */
  readonly firstGuest: Int32Array;
  readonly nextGuest: Int32Array;
  /** What to undo: tasks moved with the edges they had, and nodes whose price was raised. */
  readonly movedTasks: number[];
  readonly movedFrom: number[];
  readonly raisedNodes: number[];
}

/** The least worth of a task each node has: what it would cost at least to leave one unserved. */
function leastWorths({ graph, edgeOf, prices }: Matching): Float64Array {
  const least = new Float64Array(graph.nodeCount).fill(Infinity);
  for (let task = 0; task < graph.taskCount; task++) {
    const edge = edgeOf[task]!;
    if (edge < 0) continue;
    const node = graph.nodeOf[edge]!;
    least[node] = Math.min(least[node]!, graph.weight[edge]! - prices[node]!);
  }
  return least;
}

/** Begins with nothing removed. @param out all arcs of the matching, at its prices */
export function beginRemovals(matching: Matching, out: Arcs): Removal {
  const { graph, edgeOf, load } = matching;
  return {
    matching,
    out,
    offers: offersOfTasks(matching),
    leastWorth: leastWorths(matching),
    edgeNow: edgeOf.slice(),
    nodeNow: edgeOf.map((edge) => (edge < 0 ? -1 : graph.nodeOf[edge]!)),
    loadNow: load.slice(),
    raised: new Float64Array(graph.nodeCount),
    firstGuest: new Int32Array(graph.nodeCount).fill(-1),
    nextGuest: new Int32Array(graph.taskCount),
    movedTasks: [],
    movedFrom: [],
    raisedNodes: [],
  };
}

/** The node a task has in the optimum, or -1. */
function homeOf({ graph, edgeOf }: Matching, task: number): number {
  return edgeOf[task]! < 0 ? -1 : graph.nodeOf[edgeOf[task]!]!;
}

function leave({ matching, nodeNow, loadNow, firstGuest, nextGuest }: Removal, task: number): void {
  const node = nodeNow[task]!;
  if (node < 0) return;
  loadNow[node]!--;
  if (node === homeOf(matching, task)) return;
  if (firstGuest[node] === task) {
    firstGuest[node] = nextGuest[task]!;
    return;
  }
  let guest = firstGuest[node]!;
  while (nextGuest[guest] !== task) guest = nextGuest[guest]!;
  nextGuest[guest] = nextGuest[task]!;
}

function enter({ matching, edgeNow, nodeNow, loadNow, firstGuest, nextGuest }: Removal, task: number, edge: number) {
  edgeNow[task] = edge;
  const node = edge < 0 ? -1 : matching.graph.nodeOf[edge]!;
  nodeNow[task] = node;
  if (node < 0) return;
  loadNow[node]!++;
  if (node === homeOf(matching, task)) return;
  nextGuest[task] = firstGuest[node]!;
  firstGuest[node] = task;
}

/** Moves a task to another edge, or to none (-1). */
export function move(removal: Removal, task: number, edge: number): void {
  removal.movedTasks.push(task);
  removal.movedFrom.push(removal.edgeNow[task]!);
  leave(removal, task);
  enter(removal, task, edge);
}

/** Raises a node's price. */
export function raise({ raised, raisedNodes }: Removal, node: number, by: number): void {
  if (raised[node] === 0) raisedNodes.push(node);
  raised[node]! += by;
}

/** Puts everything back to the optimum. */
export function undo(removal: Removal): void {
  const { movedTasks, movedFrom, raised, raisedNodes } = removal;
  while (movedTasks.length > 0) {
    const task = movedTasks.pop()!;
    leave(removal, task);
    enter(removal, task, movedFrom.pop()!);
  }
  for (const node of raisedNodes) raised[node] = 0;
  raisedNodes.length = 0;
}
