import { TaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnTask, requireTask, showWhole, TaskParamsSchema } from "./require-task.ts";

/** `POST /api/v1/tasks/:id/retry`: has a dead task tried again under the order that opened it. */
export function retryTask(app: App, { database, market, info }: HttpContext): void {
  app.post(
    "/tasks/:id/retry",
    { schema: { summary: "Try a dead task again", params: TaskParamsSchema, response: { 200: TaskSchema } } },
    async (request) => {
      const { id, requester } = await requireOwnTask(database, request, request.params.id);
      await market.retryTask({ taskId: id, requester });
      return showWhole({ database, info }, await requireTask(database, id), true);
    },
  );
}
