import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Chooses the linked wallet whose money the account moves, by its id. */
export async function chooseMainWallet(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/wallets/${encodeURIComponent(id)}/main`, { method: "PUT" });
}
