import type { Page, PageQuery, Report } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the reports that wait, the oldest first, or those that are resolved. */
export function listReports(
  connection: Connection,
  query: PageQuery & { resolved?: boolean } = {},
): Promise<Page<Report>> {
  return requestJson(connection, "/admin/reports", { query });
}
