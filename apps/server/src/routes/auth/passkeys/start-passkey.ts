import { PasskeyOptionsSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/passkeys/options`: what a device is asked to make a key by. */
export function startPasskey(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/passkeys/options",
    { schema: { summary: "Begin to add a passkey (WebAuthn)", response: { 200: PasskeyOptionsSchema } } },
    (request) => accounts.startPasskey(callerOf(request)),
  );
}
