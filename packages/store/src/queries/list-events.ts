import type { Address, EventRecord } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

const COLUMNS = "seq, type, at, audience, data";

interface Row extends Omit<EventRecord, "seq"> {
  seq: bigint;
}

/** Events after a place in the log that an account may see (public ones only for null), oldest first. */
export async function listEvents(
  database: Queryable,
  { after, viewer, limit }: { after: number; viewer: Address | null; limit: number },
): Promise<EventRecord[]> {
  const rows = await database.query<Row>(
    `select ${COLUMNS} from events
      where seq > $1::bigint and (audience is null or audience = $2::text) order by seq limit $3`,
    [after, viewer, limit],
  );
  return rows.map(toRecord);
}

/** Every event after a place in the log, whoever may see it, oldest first. */
export async function listAllEvents(database: Queryable, after: number, limit: number): Promise<EventRecord[]> {
  const rows = await database.query<Row>(`select ${COLUMNS} from events where seq > $1::bigint order by seq limit $2`, [
    after,
    limit,
  ]);
  return rows.map(toRecord);
}

/** The last place in the log; 0 when it is empty. */
export async function lastEventSeq(database: Queryable): Promise<number> {
  const [row] = await database.query<{ seq: bigint }>("select coalesce(max(seq), 0)::bigint as seq from events");
  return Number(row?.seq ?? 0n);
}

function toRecord(row: Row): EventRecord {
  return { ...row, seq: Number(row.seq) };
}
