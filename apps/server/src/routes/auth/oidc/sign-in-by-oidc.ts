import { OidcReturnSchema, SessionTokensSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

const ParamsSchema = Type.Object({ provider: Type.String({ maxLength: 64 }) });

/** `POST /api/v1/auth/oidc/:provider/sign-in`: what came back from a site for a pair of tokens. */
export function signInByOidc(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/oidc/:provider/sign-in",
    {
      schema: {
        summary: "Sign in by what a site sent back",
        body: OidcReturnSchema,
        params: ParamsSchema,
        response: { 200: SessionTokensSchema },
      },
    },
    (request) => accounts.signInByOidc(request.params.provider, request.body, clientOf(request)),
  );
}
