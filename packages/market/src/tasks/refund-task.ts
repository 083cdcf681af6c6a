import { nextState } from "@stoa/core";
import type { TaskRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";
import { freeBond, releaseTask } from "./end-task.ts";

/** Ends a delivered task unpaid within a batch, by a ruling on chain, and gives its hold back. */
export function refundIn(set: WorkingSet, task: TaskRecord): void {
  const award = set.currentAward(task);
  task.state = nextState(task.state, "refund");
  freeBond(set, award);
  const message = "a ruling gave the hold back to the requester";
  releaseTask(set, task, "refunded", message);
  set.emit({ type: "task.failed", audience: null, data: { taskId: task.id, reason: "refunded", message } });
}
