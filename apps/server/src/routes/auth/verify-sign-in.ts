import { SessionTokensSchema, VerifyRequestSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { clientOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/auth/siwe/verify`: a signed message for a pair of tokens. */
export function verifySignIn(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/siwe/verify",
    { schema: { summary: "Sign in with a wallet", body: VerifyRequestSchema, response: { 200: SessionTokensSchema } } },
    (request) => accounts.signInByWallet(request.body, clientOf(request)),
  );
}
