import type { Report, Resolution } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Answers a report. */
export function resolveReport(
  connection: Connection,
  id: string,
  body: { resolution: Resolution; answer: string },
): Promise<Report> {
  return requestJson(connection, `/admin/reports/${encodeURIComponent(id)}/resolve`, {
    method: "POST",
    body,
    repeatable: true,
  });
}
