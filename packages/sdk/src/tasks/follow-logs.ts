import type { Task, TaskLogs } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { getLogs } from "./get-logs.ts";
import { watchTask, type WatchTask } from "./watch-task.ts";

/** A line an execution wrote; `seq` counts from 0 in each execution. */
export type LogLine = TaskLogs["executions"][number]["lines"][number] & { executionId: string };

/** States in which an execution may still write, or another may begin. */
const WRITING: ReadonlySet<Task["state"]> = new Set(["open", "awarded", "running"]);

/**
 * Gives what a task's executions wrote and write, every line once and in order, until none writes any more. A lost
 * connection is taken up where it broke.
 * @throws {StoaError} `forbidden` for another's task
 * @example
 * for await (const { text } of client.tasks.followLogs(taskId)) console.log(text);
 */
export async function* followLogs(
  connection: Connection,
  id: string,
  options: Pick<WatchTask, "signal" | "giveUpAfterMs"> = {},
): AsyncGenerator<LogLine, void, void> {
  const nextSeq = new Map<string, number>();
  function* untold(executionId: string, lines: Iterable<Omit<LogLine, "executionId">>): Generator<LogLine> {
    for (const line of lines) {
      if (line.seq < (nextSeq.get(executionId) ?? 0)) continue;
      nextSeq.set(executionId, line.seq + 1);
      yield { executionId, ...line };
    }
  }
  async function* kept(): AsyncGenerator<LogLine> {
    const { executions } = await getLogs(connection, id);
    for (const { executionId, lines } of executions) yield* untold(executionId, lines);
  }

  for await (const update of watchTask(connection, id, options)) {
    if (update.kind === "task") {
      yield* kept();
      if (!WRITING.has(update.task.state)) return;
      continue;
    }
    const { event } = update;
    if (event.type === "task.delivered") {
      yield* kept();
      return;
    }
    if (event.type !== "execution.logged") continue;
    const { executionId, firstSeq, lines } = event.data;
    // What was kept before this connection's first event may not have been told.
    if (firstSeq > (nextSeq.get(executionId) ?? 0)) yield* kept();
    yield* untold(
      executionId,
      lines.map(({ atMs, text }, index) => ({ seq: firstSeq + index, at: new Date(atMs).toISOString(), text })),
    );
  }
}
