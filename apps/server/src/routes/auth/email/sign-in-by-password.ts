import { PasswordSignInSchema, SessionTokensSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/email/sign-in`: an e-mail address and its password for a pair of tokens. */
export function signInByPassword(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/email/sign-in",
    {
      schema: {
        summary: "Sign in with an e-mail address and a password",
        body: PasswordSignInSchema,
        response: { 200: SessionTokensSchema },
      },
    },
    (request) => accounts.signInByPassword(request.body, clientOf(request)),
  );
}
