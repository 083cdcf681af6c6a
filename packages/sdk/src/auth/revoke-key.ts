import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Makes an API key worthless. Needs a wallet's session. */
export async function revokeKey(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/keys/${encodeURIComponent(id)}`, { method: "DELETE" });
}
