import type { Split } from "@stoa/core";
import { type Hash, signTyped, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { acceptTask } from "../tasks/settle-task.ts";
import { requireRunner } from "./require-runner.ts";

/**
 * Accepts a step's result with the runner's key, once it was found to be what its agent promises.
 * @param request.resultHash of the result that was looked at
 * @throws {StoaError} `not_found`, `wrong_state` when it has another result, or none
 */
export async function acceptStep(
  context: MarketContext,
  { taskId, resultHash }: { taskId: TaskId; resultHash: Hash },
): Promise<Split> {
  const task = await context.reads.delivered(taskId);
  if (!task) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (task.result?.hash !== resultHash || task.price === null)
    throw new StoaError("wrong_state", `the task ${taskId} is ${task.state} and has no result ${resultHash}`);
  const acceptance = { orderHash: taskId, resultHash, price: task.price };
  const signature = await signTyped(requireRunner(context), context.terms.domain, "Acceptance", acceptance);
  return acceptTask(context, { taskId, signature });
}
