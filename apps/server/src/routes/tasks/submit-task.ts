import { limits, SubmittedTaskSchema, SubmitTaskSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { takeOrder } from "./take-order.ts";

/** An input at its limit may be written with white space and escapes. */
const BODY_BYTES = limits.inputBytes * 2 + (64 << 10);

/** `POST /api/v1/tasks`: opens a task for a signed order; 200 when the same order had opened it before. */
export function submitTask(app: App, context: HttpContext): void {
  app.post(
    "/tasks",
    {
      bodyLimit: BODY_BYTES,
      schema: {
        summary: "Submit a task",
        body: SubmitTaskSchema,
        response: { 200: SubmittedTaskSchema, 201: SubmittedTaskSchema },
      },
    },
    async (request, reply) => {
      const submitted = await takeOrder(context, request, request.body);
      return reply.code(submitted.created ? 201 : 200).send(submitted);
    },
  );
}
