import type { PasskeyOptions } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Begins to sign in with a passkey: what `navigator.credentials.get` is called with, as JSON. */
export function startPasskeySignIn(connection: Connection): Promise<PasskeyOptions> {
  return requestJson(connection, "/auth/passkeys/sign-in/options", { method: "POST", anonymous: true });
}
