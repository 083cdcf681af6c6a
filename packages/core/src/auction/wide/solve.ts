import type { AssignmentProblem, Optimum } from "../assignment-problem.ts";
import { type Assignment, emptyAssignment } from "./assignment.ts";
import { lossWithoutNode } from "./loss-without-node.ts";
import { lossesWithoutEdges } from "./losses-without-edges.ts";
import { optimalAssignment, totalWeight } from "./optimal-assignment.ts";

function optimumOf(assignment: Assignment): Optimum {
  const { edgeOf, tasksOf, taskDuals, nodeDuals } = assignment;
  return {
    assigned: edgeOf,
    total: totalWeight(assignment),
    taskDuals,
    nodeDuals,
    lossesWithoutNodes: () => tasksOf.map((tasks, node) => (tasks.size === 0 ? 0n : lossWithoutNode(assignment, node))),
    lossesWithoutEdges: () => {
      const losses = edgeOf.map(() => 0n);
      tasksOf.forEach((tasks, node) => {
        if (tasks.size === 0) return;
        for (const [task, loss] of lossesWithoutEdges(assignment, node)) losses[task] = loss;
      });
      return losses;
    },
  };
}

/** Solves a problem whose weights are integers of any size. */
export function solveWide(problem: AssignmentProblem): Optimum {
  return optimumOf(optimalAssignment(problem));
}

/** As `takeUpOptimum`, for weights of any size. */
export function takeUpWide(
  problem: AssignmentProblem,
  assigned: readonly number[],
  nodeDuals: readonly bigint[],
): Optimum {
  const assignment = emptyAssignment(problem);
  assignment.edgeOf = [...assigned];
  assignment.nodeDuals = [...nodeDuals];
  assigned.forEach((edge, task) => {
    if (edge < 0) return;
    const { node, weight } = problem.edges[edge]!;
    assignment.tasksOf[node]!.add(task);
    assignment.taskDuals[task] = weight - assignment.nodeDuals[node]!;
  });
  return optimumOf(assignment);
}
