import type { AccountEntryPage, PageQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the ledger's lines that concern the caller, the newest first; the last page says which archives have older ones. */
export function listEntries(connection: Connection, query: PageQuery = {}): Promise<AccountEntryPage> {
  return requestJson(connection, "/account/entries", { query });
}
