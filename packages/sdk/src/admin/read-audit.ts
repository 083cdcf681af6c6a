import type { AuditLog } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads the log of privileged acts, from a place in it on; `findBrokenEntry` tells whether it is whole. */
export function readAudit(
  connection: Connection,
  query: { after?: number; limit?: number; subject?: string } = {},
): Promise<AuditLog> {
  return requestJson(connection, "/admin/audit", { query });
}
