import { TaskInputSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { readJson } from "./read-json.ts";
import { requireOwnTask, TaskParamsSchema } from "./require-task.ts";

/** `GET /api/v1/tasks/:id/input`, for the requester. */
export function showInput(app: App, { database, objects }: HttpContext): void {
  app.get(
    "/tasks/:id/input",
    { schema: { summary: "Read a task's input", params: TaskParamsSchema, response: { 200: TaskInputSchema } } },
    async (request) => {
      const { id, spec } = await requireOwnTask(database, request, request.params.id);
      return { taskId: id, hash: spec.inputHash, input: await readJson(objects, spec.inputHash) };
    },
  );
}
