import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Unlinks a wallet by its id: it signs in to the account no more. */
export async function unlinkWallet(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/wallets/${encodeURIComponent(id)}`, { method: "DELETE" });
}
