import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** `DELETE /api/v1/auth/oidc/links/:id`: the site's person signs in to the account no more. */
export function unlinkOidc(app: App, { accounts }: HttpContext): void {
  app.delete(
    "/auth/oidc/links/:id",
    { schema: { summary: "Unlink a person of a site", params: ParamsSchema } },
    async (request, reply) => {
      await accounts.unlinkOidc(callerOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
