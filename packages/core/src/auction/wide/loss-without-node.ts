import { type Assignment, copyAssignment } from "./assignment.ts";
import { placeTask } from "./place-task.ts";

/**
 * W(N) − W(N∖node): what an optimal matching loses when the node goes with all its slots.
 * Its tasks are placed again one by one among the other nodes; nothing else needs solving anew.
 */
export function lossWithoutNode(assignment: Assignment, node: number): bigint {
  const tasks = [...assignment.tasksOf[node]!];
  const rest = copyAssignment(assignment);
  rest.tasksOf[node]!.clear();
  for (const task of tasks) rest.edgeOf[task] = -1;
  // Each of its tasks was worth u + v and is worth u less the length of its new path.
  let loss = BigInt(tasks.length) * assignment.nodeDuals[node]!;
  for (const task of tasks) loss += placeTask(rest, task, node);
  return loss;
}
