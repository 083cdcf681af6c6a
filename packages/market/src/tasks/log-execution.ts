import { type Address, limits, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { attemptsAtMost } from "./attempts-at-most.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface LogExecution {
  taskId: TaskId;
  node: Address;
  executionId: string;
  firstSeq: number;
  lines: { atMs: number; text: string }[];
}

/**
 * Keeps lines of an execution's log for its requester. Lines sent twice are kept once. All that a node sends for a task
 * is one log, whatever executions it names.
 * @throws {StoaError} `not_assigned`, `too_large` when the log would go over its limit
 */
export async function logExecution(context: MarketContext, request: LogExecution): Promise<void> {
  const { taskId, node, executionId, firstSeq, lines } = request;
  // An empty line takes room too.
  const bytes = lines.reduce((sum, { text }) => sum + Math.max(1, Buffer.byteLength(text)), 0);
  const log = { taskId, executionId, firstSeq, lines, bytes };
  return context.lane.run({
    name: "log-execution",
    tasks: [taskId],
    log,
    decide(set) {
      if (set.hasLog(log)) return;
      const task = set.task(taskId);
      requireAwardOf(set, task, node);
      if (lines.length === 0) return;
      const most = limits.logBytes * attemptsAtMost(task);
      const total = set.logBytes(taskId) + bytes;
      if (total > most) throw new StoaError("too_large", `the log would have ${total} bytes, at most ${most} are kept`);
      set.addLog(log);
      set.emit({ type: "execution.logged", audience: task.requester, data: { taskId, executionId, firstSeq, lines } });
    },
  });
}
