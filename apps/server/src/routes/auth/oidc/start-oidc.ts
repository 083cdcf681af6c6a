import { OidcStartSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ provider: Type.String({ maxLength: 64 }) });

/** `POST /api/v1/auth/oidc/:provider/start`: where to sign in at a site, and a ticket to come back with. */
export function startOidc(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/oidc/:provider/start",
    {
      schema: {
        summary: "Begin to sign in by a site (OpenID Connect)",
        params: ParamsSchema,
        response: { 200: OidcStartSchema },
      },
    },
    ({ params }) => accounts.startOidc(params.provider, null),
  );
}
