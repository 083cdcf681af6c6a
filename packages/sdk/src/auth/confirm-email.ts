import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Confirms an address by the token of the mailed link. */
export async function confirmEmail(connection: Connection, token: string): Promise<void> {
  await requestJson(connection, "/auth/email/confirm", { method: "POST", body: { token }, anonymous: true });
}
