import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Ends the session at the market and forgets it here. */
export async function signOut(connection: Connection): Promise<void> {
  await requestJson(connection, "/auth/sign-out", { method: "POST", repeatable: true });
  connection.credentials.forget();
}
