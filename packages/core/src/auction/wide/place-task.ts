import { type Assignment, slackOf } from "./assignment.ts";
import { MinHeap } from "./min-heap.ts";

/** A shortest-path search from one task, over alternating paths. */
interface Search {
  /** Length of the shortest way found to an end, and that end: a task to leave unserved, or a node with a free slot. */
  best: bigint;
  end: { task: number } | { node: number };
  tasks: { task: number; distance: bigint }[];
  nodes: { node: number; distance: bigint }[];
  /** The edge by which a node is reached, and how far it is. */
  reached: Map<number, { edge: number; distance: bigint }>;
  heap: MinHeap;
}

function scanTask(assignment: Assignment, search: Search, task: number, distance: bigint, closedNode: number): void {
  search.tasks.push({ task, distance });
  const leave = distance + assignment.taskDuals[task]!;
  if (leave < search.best) {
    search.best = leave;
    search.end = { task };
  }
  for (const edge of assignment.edgesOfTask[task]!) {
    const { node } = assignment.problem.edges[edge]!;
    if (node === closedNode || edge === assignment.edgeOf[task]) continue;
    const next = distance + slackOf(assignment, edge);
    const known = search.reached.get(node);
    if (next >= search.best || (known && known.distance <= next)) continue;
    search.reached.set(node, { edge, distance: next });
    search.heap.push(next, node);
    if (assignment.tasksOf[node]!.size < assignment.problem.slots[node]!) {
      search.best = next;
      search.end = { node };
    }
  }
}

function searchFrom(assignment: Assignment, root: number, closedNode: number): Search {
  const search: Search = {
    best: assignment.taskDuals[root]!,
    end: { task: root },
    tasks: [],
    nodes: [],
    reached: new Map(),
    heap: new MinHeap(),
  };
  scanTask(assignment, search, root, 0n, closedNode);
  for (let next = search.heap.pop(); next && next.distance < search.best; next = search.heap.pop()) {
    const { vertex: node, distance } = next;
    if (search.reached.get(node)!.distance < distance) continue;
    search.nodes.push({ node, distance });
    for (const task of assignment.tasksOf[node]!) scanTask(assignment, search, task, distance, closedNode);
  }
  return search;
}

/** Re-matches along the path from the root to the search's end. */
function augment(assignment: Assignment, search: Search): void {
  const { edges } = assignment.problem;
  let node: number;
  if ("node" in search.end) {
    node = search.end.node;
  } else {
    const { task } = search.end;
    const edge = assignment.edgeOf[task]!;
    if (edge < 0) return;
    assignment.edgeOf[task] = -1;
    node = edges[edge]!.node;
    assignment.tasksOf[node]!.delete(task);
  }
  for (;;) {
    const { edge } = search.reached.get(node)!;
    const { task } = edges[edge]!;
    const previous = assignment.edgeOf[task]!;
    assignment.edgeOf[task] = edge;
    assignment.tasksOf[node]!.add(task);
    if (previous < 0) return;
    node = edges[previous]!.node;
    assignment.tasksOf[node]!.delete(task);
  }
}

/**
 * Places one more task into an optimal matching and keeps it optimal, changing it in place:
 * one Dijkstra search over reduced weights (the successive shortest path step of the Hungarian method).
 * The task's dual must be feasible: u ≥ w − v on each of its edges.
 * @param closedNode a node that may not be used, or -1
 * @returns by how much the task adds less to the matching's worth than its dual at the start
 */
export function placeTask(assignment: Assignment, task: number, closedNode = -1): bigint {
  const search = searchFrom(assignment, task, closedNode);
  for (const scanned of search.tasks) assignment.taskDuals[scanned.task]! -= search.best - scanned.distance;
  for (const settled of search.nodes) assignment.nodeDuals[settled.node]! += search.best - settled.distance;
  augment(assignment, search);
  return search.best;
}
