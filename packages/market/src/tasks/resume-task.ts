import type { TaskId } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";

/** Offers a task again whose pause between two attempts is over. Does nothing when it is not due. */
export function resumeTask(context: MarketContext, taskId: TaskId): Promise<void> {
  return context.lane.run({
    name: "resume-task",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      if (task.state !== "open" || task.notBefore === null || task.notBefore > set.now) return;
      offerAgainIn(set, task);
    },
  });
}

/** Opens a task for its next attempt within a batch: what remains to be waited for is its deadline. */
export function offerAgainIn(set: WorkingSet, task: TaskRecord): void {
  task.notBefore = null;
  task.wakeAt = task.deliverBy;
  task.unserved = null;
  set.touchTask(task);
  set.emit({
    type: "task.retried",
    audience: null,
    data: { taskId: task.id, capability: task.capability, attempt: task.attempts + 1 },
  });
}
