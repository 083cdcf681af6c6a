import { PasskeyOptionsSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/passkeys/sign-in/options`: what a device is asked to sign. */
export function startPasskeySignIn(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/passkeys/sign-in/options",
    { schema: { summary: "Begin to sign in with a passkey", response: { 200: PasskeyOptionsSchema } } },
    () => accounts.startPasskeySignIn(),
  );
}
