import { OidcStartSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ provider: Type.String({ maxLength: 64 }) });

/** `POST /api/v1/auth/oidc/:provider/link`: as starting a sign-in, to link the person to the caller's account. */
export function startOidcLink(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/oidc/:provider/link",
    {
      schema: {
        summary: "Begin to link a person of a site to the account",
        params: ParamsSchema,
        response: { 200: OidcStartSchema },
      },
    },
    (request) => accounts.startOidc(request.params.provider, callerOf(request)),
  );
}
