import { ListTasksQuerySchema, TaskPageSchema } from "@stoa/protocol";
import { listTasks as queryTasks } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { walletOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { taskSummary } from "./task-view.ts";

/** `GET /api/v1/tasks`: tasks, the newest first; `mine=true` for the caller's own. */
export function listTasks(app: App, { database }: HttpContext): void {
  app.get(
    "/tasks",
    { schema: { summary: "List tasks", querystring: ListTasksQuerySchema, response: { 200: TaskPageSchema } } },
    async (request) => {
      const { mine, capability, state } = request.query;
      const page = pageFilter(request.query);
      const requester = mine ? walletOf(request) : undefined;
      const rows = await queryTasks(database, { requester, capability, state, ...page });
      return toPage(rows, page.limit, taskSummary, (row) => ({ at: row.openedAt, id: row.id }));
    },
  );
}
