import type { Report, ReportRequest } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Tells those who run the market that an account, an agent or a node does wrong. */
export function fileReport(connection: Connection, body: ReportRequest): Promise<Report> {
  return requestJson(connection, "/reports", { method: "POST", body });
}
