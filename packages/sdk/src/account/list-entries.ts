import type { AccountEntry, Page, PageQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the ledger's lines that concern the caller, the newest first. */
export function listEntries(connection: Connection, query: PageQuery = {}): Promise<Page<AccountEntry>> {
  return requestJson(connection, "/account/entries", { query });
}
