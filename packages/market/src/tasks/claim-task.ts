import type { TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/**
 * Has a delivered task claimed on chain when its requester let the approval window pass: it is paid after the
 * challenge window unless disputed. Does nothing when it is not due.
 */
export function claimTask(context: MarketContext, taskId: TaskId): Promise<void> {
  return context.lane.run({
    name: "claim-task",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      if (task.state !== "delivered" || set.settlement(taskId) || (task.wakeAt ?? Infinity) > set.now) return;
      task.wakeAt = null;
      set.touchTask(task);
      set.putSettlement({
        taskId,
        kind: "claim",
        state: "pending",
        txHash: null,
        reason: null,
        payableAt: null,
        updatedAt: set.now,
      });
    },
  });
}
