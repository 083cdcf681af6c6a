import type { AssignmentProblem } from "../assignment-problem.ts";

/**
 * A matching with potentials. At all times u, v ≥ 0; u + v ≥ w on every edge between the tasks placed
 * so far and the nodes, with equality where matched; u > 0 only for a matched task; v > 0 only for a
 * full node. That makes it optimal for the tasks placed so far.
 */
export interface Assignment {
  readonly problem: AssignmentProblem;
  /** Indices of edges by task and by node. */
  readonly edgesOfTask: readonly (readonly number[])[];
  readonly edgesOfNode: readonly (readonly number[])[];
  /** Edge of each task, or -1. */
  edgeOf: number[];
  /** Tasks of each node. */
  tasksOf: Set<number>[];
  taskDuals: bigint[];
  nodeDuals: bigint[];
}

/** The matching of nothing. */
export function emptyAssignment(problem: AssignmentProblem): Assignment {
  const edgesOfTask: number[][] = Array.from({ length: problem.taskCount }, () => []);
  const edgesOfNode: number[][] = problem.slots.map(() => []);
  problem.edges.forEach(({ task, node }, edge) => {
    edgesOfTask[task]!.push(edge);
    edgesOfNode[node]!.push(edge);
  });
  return {
    problem,
    edgesOfTask,
    edgesOfNode,
    edgeOf: new Array<number>(problem.taskCount).fill(-1),
    tasksOf: problem.slots.map(() => new Set()),
    taskDuals: new Array<bigint>(problem.taskCount).fill(0n),
    nodeDuals: new Array<bigint>(problem.slots.length).fill(0n),
  };
}

/** A copy that can be changed without changing the original. */
export function copyAssignment(assignment: Assignment): Assignment {
  return {
    ...assignment,
    edgeOf: [...assignment.edgeOf],
    tasksOf: assignment.tasksOf.map((tasks) => new Set(tasks)),
    taskDuals: [...assignment.taskDuals],
    nodeDuals: [...assignment.nodeDuals],
  };
}

/** u + v − w of an edge: never negative between placed tasks and open nodes. */
export function slackOf(assignment: Assignment, edge: number): bigint {
  const { task, node, weight } = assignment.problem.edges[edge]!;
  return assignment.taskDuals[task]! + assignment.nodeDuals[node]! - weight;
}
