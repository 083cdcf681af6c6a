import type { AssignmentProblem } from "../assignment-problem.ts";
import { type Assignment, emptyAssignment } from "./assignment.ts";
import { placeTask } from "./place-task.ts";

/** The optimal matching with its inner structure, from which losses are taken without solving again. */
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
