import { OidcReturnSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ provider: Type.String({ maxLength: 64 }) });

/** `POST /api/v1/auth/oidc/:provider/links`: the site's person signs in to the account from now on. */
export function linkOidc(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/oidc/:provider/links",
    {
      schema: { summary: "Link whom a site vouches for to the account", body: OidcReturnSchema, params: ParamsSchema },
    },
    async (request, reply) => {
      await accounts.linkOidc(callerOf(request), request.params.provider, request.body);
      return reply.code(204).send();
    },
  );
}
