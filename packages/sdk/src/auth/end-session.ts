import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Signs the account out of one of its sessions. */
export async function endSession(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
}
