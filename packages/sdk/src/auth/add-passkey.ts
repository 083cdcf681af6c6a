import type { Passkey, PasskeyMade } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Adds the passkey that a device made, by the credential's own JSON. */
export function addPasskey(connection: Connection, made: PasskeyMade): Promise<Passkey> {
  return requestJson(connection, "/auth/passkeys", { method: "POST", body: made });
}
