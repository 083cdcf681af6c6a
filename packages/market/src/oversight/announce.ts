import type { Hash, Severity } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Overseer } from "./overseer.ts";

/** Tells everybody something, until it ends when it is to end. */
export function announce(
  { lane }: MarketContext,
  notice: Pick<Overseer, "actor"> & { id: Hash; severity: Severity; text: string; endsAt: number | null },
): Promise<void> {
  const { actor, id, severity, text, endsAt } = notice;
  let isMade = false;
  return lane.run({
    name: "announce",
    owns: [`announcement:${id}`],
    async load(tx) {
      isMade = (await tx.query("select 1 from announcements where id = $1", [id])).length > 0;
    },
    decide(set) {
      if (isMade) return;
      set.defer(async (tx) => {
        await tx.query(
          `insert into announcements (id, at, severity, text, ends_at)
           values ($1, $2::timestamptz, $3, $4, $5::timestamptz)`,
          [id, iso(set.now), severity, text, endsAt === null ? null : iso(endsAt)],
        );
        await appendAudit(tx, { actor, action: "announce", subject: id, reason: text, at: set.now });
      });
      set.emit({ type: "system.announced", audience: null, data: { id, severity, text, endsAt } });
    },
  });
}

/** Ends an announcement now; one that has ended, or never was, is left alone. */
export function endAnnouncement(
  { lane }: MarketContext,
  { actor, reason, id }: Overseer & { id: Hash },
): Promise<void> {
  return lane.run({
    name: "end-announcement",
    decide(set) {
      set.defer(async (tx) => {
        const [ended] = await tx.query(
          `update announcements set ends_at = $2::timestamptz
            where id = $1 and (ends_at is null or ends_at > $2::timestamptz) returning id`,
          [id, iso(set.now)],
        );
        if (ended) await appendAudit(tx, { actor, action: "announcement.end", subject: id, reason, at: set.now });
      });
    },
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
