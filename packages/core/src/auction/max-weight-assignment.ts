import { type Assignment, type AssignmentProblem, emptyAssignment } from "./assignment.ts";
import { placeTask } from "./place-task.ts";

/** An optimal matching, with the duals that prove it. */
export interface AssignmentSolution {
  /** Edge of each task, or -1. */
  assigned: number[];
  total: bigint;
  taskDuals: bigint[];
  nodeDuals: bigint[];
}

/** The optimal matching with its inner structure, from which margins are taken without solving again. */
export function optimalAssignment(problem: AssignmentProblem): Assignment {
  const assignment = emptyAssignment(problem);
  for (let task = 0; task < problem.taskCount; task++) {
    // Nodes fill up as tasks are placed, so a task's first dual is the best it could get at the prices so far.
    for (const edge of assignment.edgesOfTask[task]!) {
      const { node, weight } = problem.edges[edge]!;
      const worth = weight - assignment.nodeDuals[node]!;
      if (worth > assignment.taskDuals[task]!) assignment.taskDuals[task] = worth;
    }
    placeTask(assignment, task);
  }
  return assignment;
}

/** The worth of a matching. */
export function totalWeight({ problem, edgeOf }: Assignment): bigint {
  return edgeOf.reduce((sum, edge) => (edge < 0 ? sum : sum + problem.edges[edge]!.weight), 0n);
}

/**
 * Finds a matching of the greatest total weight, exactly: tasks at most once, nodes at most their slots.
 * Weights are integers of any size and must not be negative. With equal optima the result depends on the
 * order of tasks, nodes and edges alone.
 * @example
 * solveAssignment({ taskCount: 1, slots: [1], edges: [{ task: 0, node: 0, weight: 5n }] }).assigned // [0]
 */
export function solveAssignment(problem: AssignmentProblem): AssignmentSolution {
  const assignment = optimalAssignment(problem);
  return {
    assigned: assignment.edgeOf,
    total: totalWeight(assignment),
    taskDuals: assignment.taskDuals,
    nodeDuals: assignment.nodeDuals,
  };
}
