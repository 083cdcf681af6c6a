import type { PasskeyOptions } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Begins to add a passkey: what `navigator.credentials.create` is called with, as JSON. */
export function startPasskey(connection: Connection): Promise<PasskeyOptions> {
  return requestJson(connection, "/auth/passkeys/options", { method: "POST" });
}
