import { LinkedWalletSchema, VerifyRequestSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/wallets`: a wallet that signs in to the account from now on. */
export function linkWallet(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/wallets",
    {
      schema: {
        summary: "Link a wallet to the account",
        body: VerifyRequestSchema,
        response: { 201: LinkedWalletSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await accounts.linkWallet(callerOf(request), request.body)),
  );
}
