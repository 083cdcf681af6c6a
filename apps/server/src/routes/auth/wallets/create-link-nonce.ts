import { LinkNonceSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/wallets/nonce`: the first step of linking a wallet. */
export function createLinkNonce(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/wallets/nonce",
    {
      schema: {
        summary: "A nonce and a statement for a message that links a wallet",
        response: { 200: LinkNonceSchema },
      },
    },
    (request) => accounts.createLinkNonce(callerOf(request)),
  );
}
