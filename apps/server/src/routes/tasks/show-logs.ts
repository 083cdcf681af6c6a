import { type TaskLogs, TaskLogsSchema } from "@stoa/protocol";
import { listLogLines, type LogRow } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { requireOwnTask, TaskParamsSchema } from "./require-task.ts";

/** `GET /api/v1/tasks/:id/logs`, for the requester: what each execution wrote. */
export function showLogs(app: App, { database }: HttpContext): void {
  app.get(
    "/tasks/:id/logs",
    { schema: { summary: "Read a task's logs", params: TaskParamsSchema, response: { 200: TaskLogsSchema } } },
    async (request) => {
      const { id } = await requireOwnTask(database, request, request.params.id);
      return { taskId: id, executions: byExecution(await listLogLines(database, id)) };
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
