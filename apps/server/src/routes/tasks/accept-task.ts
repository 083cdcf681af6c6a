import { AcceptTaskSchema, TaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnTask, requireTask, showWhole, TaskParamsSchema } from "./require-task.ts";

/** `POST /api/v1/tasks/:id/accept`: settles a delivered task on its requester's signed acceptance. */
export function acceptTask(app: App, context: HttpContext): void {
  const { database, market } = context;
  app.post(
    "/tasks/:id/accept",
    {
      schema: {
        summary: "Accept a task's result",
        params: TaskParamsSchema,
        body: AcceptTaskSchema,
        response: { 200: TaskSchema },
      },
    },
    async (request) => {
      const { id } = await requireOwnTask(database, request, request.params.id);
      await market.acceptTask({ taskId: id, signature: request.body.signature });
      return showWhole(context, await requireTask(database, id), true);
    },
  );
}
