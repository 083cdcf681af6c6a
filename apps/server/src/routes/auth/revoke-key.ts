import Type from "typebox";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `DELETE /api/v1/auth/keys/:id`: the key is refused from now on. */
export function revokeKey(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/keys/:id",
    { schema: { summary: "Revoke an API key", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.revokeKey(callerOf(request).accountId, request.params.id);
      return reply.code(204).send();
    },
  );
}
