import { nextState } from "@stoa/core";
import type { TaskRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";
import { releaseTask } from "./end-task.ts";

/**
 * Ends a task that no further attempt is made for: failed, or dead when its order asks to keep it. Either way its hold
 * goes back whole; money never waits for a task that nobody works on.
 */
export function giveUpIn(set: WorkingSet, task: TaskRecord, reason: string, message: string): "failed" | "dead" {
  const isKept = task.spec.retry?.deadLetter === true;
  task.state = nextState(task.state, isKept ? "bury" : "fail");
  releaseTask(set, task, reason, message);
  const told = { taskId: task.id, reason, message };
  if (isKept) set.emit({ type: "task.dead", audience: null, data: { ...told, attempts: task.attempts } });
  else set.emit({ type: "task.failed", audience: null, data: told });
  return isKept ? "dead" : "failed";
}
