import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Deletes a service account, and its keys with it. */
export async function deleteServiceAccount(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/service-accounts/${encodeURIComponent(id)}`, { method: "DELETE" });
}
