import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Sets another password by the token of the mailed link; every session ends. */
export async function resetPassword(
  connection: Connection,
  request: { token: string; password: string },
): Promise<void> {
  await requestJson(connection, "/auth/password/reset", { method: "POST", body: request, anonymous: true });
}
