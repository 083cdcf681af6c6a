import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `DELETE /api/v1/auth/service-accounts/:id`: the service account is gone, and its keys with it. */
export function deleteServiceAccount(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/service-accounts/:id",
    { schema: { summary: "Delete a service account", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.deleteServiceAccount(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
