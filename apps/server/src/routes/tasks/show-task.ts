import { TaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireTask, showWhole, TaskParamsSchema } from "./require-task.ts";

/** `GET /api/v1/tasks/:id`. */
export function showTask(app: App, context: HttpContext): void {
  const { database } = context;
  app.get(
    "/tasks/:id",
    { schema: { summary: "Show a task", params: TaskParamsSchema, response: { 200: TaskSchema } } },
    async (request) => {
      const task = await requireTask(database, request.params.id);
      return showWhole(context, task, request.principal?.wallets.includes(task.requester) ?? false);
    },
  );
}
