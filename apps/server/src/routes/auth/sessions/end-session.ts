import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `DELETE /api/v1/auth/sessions/:id`: signs the account out there. */
export function endSession(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/sessions/:id",
    { schema: { summary: "End a session", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.endSession(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
