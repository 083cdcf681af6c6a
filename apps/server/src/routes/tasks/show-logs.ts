import { type TaskLogs, TaskLogsSchema } from "@stoa/protocol";
import { listArchivedLogs, listLogLines, type LogRow } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { archivedPart, toIso } from "../../http/pagination.ts";
import { requireOwnTask, TaskParamsSchema } from "./require-task.ts";

/** A log's time is the database's, a task's the server's. */
const CLOCKS_DIFFER_MS = 60_000;

/** `GET /api/v1/tasks/:id/logs`, for the requester: what each execution wrote, and which archives may have more. */
export function showLogs(app: App, { database }: HttpContext): void {
  app.get(
    "/tasks/:id/logs",
    { schema: { summary: "Read a task's logs", params: TaskParamsSchema, response: { 200: TaskLogsSchema } } },
    async (request) => {
      const { id, openedAt, updatedAt } = await requireOwnTask(database, request, request.params.id);
      const executions = byExecution(await listLogLines(database, id));
      const life = { from: openedAt - CLOCKS_DIFFER_MS, to: updatedAt + CLOCKS_DIFFER_MS };
      return { taskId: id, executions, ...archivedPart(await listArchivedLogs(database, life)) };
    },
  );
}

function byExecution(rows: readonly LogRow[]): TaskLogs["executions"] {
  const executions = Map.groupBy(rows, ({ executionId }) => executionId);
  return [...executions].map(([executionId, parts]) => ({
    executionId,
    lines: parts.flatMap(({ firstSeq, lines }) =>
      lines.map(({ atMs, text }, i) => ({ seq: firstSeq + i, at: toIso(atMs), text })),
    ),
  }));
}
