import type { ListAccountsQuery, OverseenAccount, Page } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists accounts, the newest first. */
export function listAccounts(connection: Connection, query: ListAccountsQuery = {}): Promise<Page<OverseenAccount>> {
  return requestJson(connection, "/admin/accounts", { query });
}
