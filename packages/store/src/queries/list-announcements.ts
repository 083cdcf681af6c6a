import type { Hash, Severity } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface AnnouncementRow {
  id: Hash;
  at: number;
  severity: Severity;
  text: string;
  endsAt: number | null;
}

/** Announcements, the newest first. @param filter.now those that have ended by then are left out; epoch milliseconds */
export function listAnnouncements(
  database: Queryable,
  { now, after, limit }: { now?: number | undefined; after?: Position | undefined; limit: number },
): Promise<AnnouncementRow[]> {
  return database.query<AnnouncementRow>(
    `select id, at, severity, text, ends_at as "endsAt" from announcements
      where ($1::timestamptz is null or ends_at is null or ends_at > $1)
        and ($2::timestamptz is null or (at, id) < ($2, $3::text))
      order by at desc, id desc limit $4`,
    [now === undefined ? null : new Date(now).toISOString(), ...positionParams(after), limit],
  );
}
