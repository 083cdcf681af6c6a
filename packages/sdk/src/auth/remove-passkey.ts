import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Removes a passkey: it signs in no more. */
export async function removePasskey(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/passkeys/${encodeURIComponent(id)}`, { method: "DELETE" });
}
