import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Has the second factor asked for from now on, by a first code of the app. */
export async function confirmSecondFactor(connection: Connection, code: string): Promise<void> {
  await requestJson(connection, "/auth/second-factor/confirm", { method: "POST", body: { code } });
}
