import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Ends an announcement now. */
export function endAnnouncement(connection: Connection, id: string, reason: string): Promise<void> {
  return requestJson(connection, `/admin/announcements/${encodeURIComponent(id)}/end`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
