import { nextState } from "@stoa/core";
import type { TaskId } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { accountsOfTask, releaseTask } from "./end-task.ts";

/** Ends an open task whose deadline is over, says why no node took it, and gives its hold back. Does nothing when it is not due. */
export function expireTask(context: MarketContext, taskId: TaskId): Promise<void> {
  return context.lane.run({
    name: "expire-task",
    tasks: [taskId],
    accounts: (set) => accountsOfTask(set, set.findTask(taskId)),
    decide(set) {
      const task = set.task(taskId);
      if (task.state !== "open" || task.deliverBy > set.now) return;
      task.state = nextState(task.state, "expire");
      releaseTask(set, task, "expired", whyExpired(task, true));
      // Everybody hears of it: how many nodes gave a reason is the requester's to know.
      set.emit({ type: "task.expired", audience: null, data: { taskId, reason: whyExpired(task, false) } });
    },
  });
}

function whyExpired(task: TaskRecord, isCounted: boolean): string {
  if (!task.unserved?.length) return "no node that offers the capability was online before the deadline";
  const counted = task.unserved.map(
    ({ reason, nodes }) => reason.replaceAll("_", " ") + (isCounted ? ` (${nodes})` : ""),
  );
  return `no node took it: ${counted.join(", ")}`;
}
