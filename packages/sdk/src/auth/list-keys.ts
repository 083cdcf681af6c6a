import type { ApiKey } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the account's API keys, without the keys themselves. Needs a wallet's session. */
export async function listKeys(connection: Connection): Promise<ApiKey[]> {
  return (await requestJson<{ items: ApiKey[] }>(connection, "/auth/keys")).items;
}
