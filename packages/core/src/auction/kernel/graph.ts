import type { AssignmentProblem } from "../assignment-problem.ts";

/** An assignment problem as flat arrays. Edges are numbered anew, those of one task in a row. */
export interface Graph {
  taskCount: number;
  nodeCount: number;
  /** Edges of a task: from `taskStart[task]` up to `taskStart[task + 1]`. */
  taskStart: Int32Array;
  taskOf: Int32Array;
  nodeOf: Int32Array;
  weight: Float64Array;
  /** Edges of a node: `edgesByNode` from `nodeStart[node]` up to `nodeStart[node + 1]`. */
  nodeStart: Int32Array;
  edgesByNode: Int32Array;
  /** Slots that can matter: one more than a node has edges says that it never fills up. */
  slots: Int32Array;
  /** Index of each edge in the problem. */
  origin: Int32Array;
}

/** Turns counts, kept one place late, into starts. */
function sumUp(counts: Int32Array): Int32Array {
  for (let at = 1; at < counts.length; at++) counts[at]! += counts[at - 1]!;
  return counts;
}

/**
 * Lays a problem out as flat arrays. Edges to nodes without slots are left out: they can never be used,
 * and their nodes' prices are bounded by nothing.
 */
export function buildGraph({ taskCount, slots, edges }: AssignmentProblem): Graph {
  const nodeCount = slots.length;
  const taskStart = new Int32Array(taskCount + 1);
  const nodeStart = new Int32Array(nodeCount + 1);
  for (const { task, node } of edges) {
    if (slots[node]! === 0) continue;
    taskStart[task + 1]!++;
    nodeStart[node + 1]!++;
  }
  const edgeCount = sumUp(taskStart)[taskCount]!;
  sumUp(nodeStart);
  const graph: Graph = {
    taskCount,
    nodeCount,
    taskStart,
    taskOf: new Int32Array(edgeCount),
    nodeOf: new Int32Array(edgeCount),
    weight: new Float64Array(edgeCount),
    nodeStart,
    edgesByNode: new Int32Array(edgeCount),
    slots: Int32Array.from(slots, (count, node) => Math.min(count, nodeStart[node + 1]! - nodeStart[node]! + 1)),
    origin: new Int32Array(edgeCount),
  };
  const nextOfTask = taskStart.slice();
  for (let index = 0; index < edges.length; index++) {
    const { task, node, weight } = edges[index]!;
    if (slots[node]! === 0) continue;
    const edge = nextOfTask[task]!++;
    graph.taskOf[edge] = task;
    graph.nodeOf[edge] = node;
    graph.weight[edge] = Number(weight);
    graph.origin[edge] = index;
  }
  const nextOfNode = nodeStart.slice();
  for (let edge = 0; edge < edgeCount; edge++) graph.edgesByNode[nextOfNode[graph.nodeOf[edge]!]!++] = edge;
  return graph;
}
