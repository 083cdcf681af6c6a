import { ReasonSchema, type TaskId, parseHash } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

const ParamsSchema = Type.Object({ taskId: Type.String({ description: "a task's id" }) });

/** `POST /api/v1/admin/settlements/:taskId/retry`: has a refused settlement be sent again at once. */
export function retrySettlement(app: App, { market }: HttpContext): void {
  app.post(
    "/admin/settlements/:taskId/retry",
    {
      schema: {
        summary: "Send a refused settlement again",
        params: ParamsSchema,
        body: ReasonSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const taskId = parseHash(request.params.taskId, "a task's id") as TaskId;
      await market.retrySettlement({ taskId, actor: actorOf(request), reason: request.body.reason });
      return reply.code(204).send(null);
    },
  );
}
