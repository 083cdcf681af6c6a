import { PasskeyMadeSchema, PasskeySchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/passkeys`: a device's key that signs in to the account from now on. */
export function addPasskey(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/passkeys",
    { schema: { summary: "Add a passkey", body: PasskeyMadeSchema, response: { 201: PasskeySchema } } },
    async (request, reply) => reply.code(201).send(await accounts.addPasskey(callerOf(request), request.body)),
  );
}
