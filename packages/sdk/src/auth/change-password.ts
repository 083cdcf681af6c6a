import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Changes the password by the current one; the other sessions end. */
export async function changePassword(
  connection: Connection,
  request: { current: string; password: string },
): Promise<void> {
  await requestJson(connection, "/auth/password", { method: "PUT", body: request });
}
