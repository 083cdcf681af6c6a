import { NonceRequestSchema, NonceResponseSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/auth/siwe/nonce`: the first step of signing in with a wallet. */
export function createNonce(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/siwe/nonce",
    {
      schema: {
        summary: "A nonce for a sign-in message",
        body: NonceRequestSchema,
        response: { 200: NonceResponseSchema },
      },
    },
    () => accounts.createNonce(),
  );
}
