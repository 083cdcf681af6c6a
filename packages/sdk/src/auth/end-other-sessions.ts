import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Signs the account out everywhere but here. */
export async function endOtherSessions(connection: Connection): Promise<void> {
  await requestJson(connection, "/auth/sessions", { method: "DELETE" });
}
