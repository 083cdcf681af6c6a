import { type Address, limits, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface LogExecution {
  taskId: TaskId;
  node: Address;
  executionId: string;
  firstSeq: number;
  lines: { atMs: number; text: string }[];
}

/**
 * Keeps lines of an execution's log for its requester. Lines sent twice are kept once.
 * @throws {StoaError} `not_assigned`, `too_large` when one message is over the whole log's limit
 */
export async function logExecution(context: MarketContext, request: LogExecution): Promise<void> {
  const { taskId, node, executionId, firstSeq, lines } = request;
  const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > limits.logBytes)
    throw new StoaError("too_large", `the lines have ${bytes} bytes, at most ${limits.logBytes} are kept`);
  const log = { taskId, executionId, firstSeq, lines };
  return context.lane.run({
    name: "log-execution",
    tasks: [taskId],
    log,
    decide(set) {
      if (set.hasLog(log)) return;
      const task = set.task(taskId);
      requireAwardOf(set, task, node);
      set.addLog(log);
      set.emit({ type: "execution.logged", audience: task.requester, data: { taskId, executionId, firstSeq, lines } });
    },
  });
}
