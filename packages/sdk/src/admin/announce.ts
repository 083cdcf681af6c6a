import type { Announce, Announcement } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Tells everybody something, live too. */
export function announce(connection: Connection, body: Announce): Promise<Announcement> {
  return requestJson(connection, "/admin/announcements", { method: "POST", body });
}
