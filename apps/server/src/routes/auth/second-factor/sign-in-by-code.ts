import { CodeSignInSchema, SessionTokensSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/second-factor/sign-in`: the ticket of a sign-in and a code for a pair of tokens. */
export function signInByCode(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/second-factor/sign-in",
    {
      schema: {
        summary: "End a sign-in by its second factor",
        body: CodeSignInSchema,
        response: { 200: SessionTokensSchema },
      },
    },
    (request) => accounts.signInByCode(request.body, clientOf(request)),
  );
}
