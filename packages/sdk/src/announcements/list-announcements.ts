import type { Announcement, Page, PageQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists what is announced now, the newest first; with `all`, what has ended too. */
export function listAnnouncements(
  connection: Connection,
  query: PageQuery & { all?: boolean } = {},
): Promise<Page<Announcement>> {
  return requestJson(connection, "/announcements", { query });
}
