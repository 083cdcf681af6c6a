import { decodeTyped, GrantSubtasksSchema, TaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnTask, requireTask, showWhole, TaskParamsSchema } from "./require-task.ts";

/** `POST /api/v1/tasks/:id/subtask-grant`: lets the node that has a task order under it, within the task's budget for that. */
export function grantSubtasks(app: App, context: HttpContext): void {
  const { database, market } = context;
  app.post(
    "/tasks/:id/subtask-grant",
    {
      schema: {
        summary: "Let a task's node order under it",
        params: TaskParamsSchema,
        body: GrantSubtasksSchema,
        response: { 200: TaskSchema },
      },
    },
    async (request) => {
      const { id, requester } = await requireOwnTask(database, request, request.params.id);
      const { key, signature } = request.body.session;
      await market.grantSubtasks({
        taskId: id,
        requester,
        session: { key: decodeTyped("SessionKey", key), signature },
      });
      return showWhole(context, await requireTask(database, id), true);
    },
  );
}
