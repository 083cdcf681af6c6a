import { nextState } from "@stoa/core";
import { type Address, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { accountsOfTask, releaseTask } from "./end-task.ts";

/**
 * Cancels a task that no node has yet, and gives its hold back. A round that is clearing it meanwhile awards nothing
 * for it.
 * @throws {StoaError} `not_found`, `forbidden` for anyone but its requester, `wrong_state`
 */
export function cancelTask(context: MarketContext, request: { taskId: TaskId; requester: Address }): Promise<void> {
  const { taskId, requester } = request;
  return context.lane.run({
    name: "cancel-task",
    tasks: [taskId],
    accounts: (set) => accountsOfTask(set, set.findTask(taskId)),
    decide(set) {
      const task = set.task(taskId);
      if (task.requester !== requester) throw new StoaError("forbidden", `the task ${taskId} is not ${requester}'s`);
      if (task.state === "cancelled") return;
      task.state = nextState(task.state, "cancel");
      releaseTask(set, task, "cancelled", "the requester cancelled the task");
      set.emit({ type: "task.cancelled", audience: null, data: { taskId } });
    },
  });
}
