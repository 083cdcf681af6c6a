import { TaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnTask, requireTask, showWhole, TaskParamsSchema } from "./require-task.ts";

/** `POST /api/v1/tasks/:id/cancel`: gives up a task no node has yet. */
export function cancelTask(app: App, context: HttpContext): void {
  const { database, market } = context;
  app.post(
    "/tasks/:id/cancel",
    { schema: { summary: "Cancel a task", params: TaskParamsSchema, response: { 200: TaskSchema } } },
    async (request) => {
      const { id, requester } = await requireOwnTask(database, request, request.params.id);
      await market.cancelTask({ taskId: id, requester });
      return showWhole(context, await requireTask(database, id), true);
    },
  );
}
