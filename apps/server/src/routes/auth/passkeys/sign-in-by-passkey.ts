import { PasskeySignedSchema, SessionTokensSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/passkeys/sign-in`: what a device signed for a pair of tokens. */
export function signInByPasskey(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/passkeys/sign-in",
    {
      schema: { summary: "Sign in with a passkey", body: PasskeySignedSchema, response: { 200: SessionTokensSchema } },
    },
    (request) => accounts.signInByPasskey(request.body.credential, clientOf(request)),
  );
}
