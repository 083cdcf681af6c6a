import type { Address, TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface ReportProgress {
  taskId: TaskId;
  node: Address;
  executionId: string;
  /** From 0 to 1. */
  fraction: number;
  text: string;
}

/**
 * Tells a task's requester how far its execution is.
 * @throws {StoaError} `not_assigned`
 */
export function reportProgress(context: MarketContext, request: ReportProgress): Promise<void> {
  const { taskId, node, executionId, fraction, text } = request;
  return context.lane.run({
    name: "report-progress",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      requireAwardOf(set, task, node);
      set.emit({
        type: "execution.progressed",
        audience: task.requester,
        data: { taskId, executionId, fraction, text },
      });
    },
  });
}
