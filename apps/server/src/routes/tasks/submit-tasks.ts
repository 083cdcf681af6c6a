import { SubmittedTasksSchema, SubmitTasksSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { eachAlone } from "../../http/each-alone.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { takeOrder } from "./take-order.ts";

/** Inputs of a batch are small, or few. */
const BODY_BYTES = 8 << 20;

/** `POST /api/v1/tasks/batch`: opens a task for each signed order, each standing by itself. */
export function submitTasks(app: App, context: HttpContext): void {
  app.post(
    "/tasks/batch",
    {
      bodyLimit: BODY_BYTES,
      schema: { summary: "Submit several tasks", body: SubmitTasksSchema, response: { 200: SubmittedTasksSchema } },
    },
    async (request) => {
      return { results: await eachAlone(request, request.body.tasks, (task) => takeOrder(context, request, task)) };
    },
  );
}
