import type { Address, Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Rows of a time that are in the archive and no longer in the database. */
export interface ArchivedRange {
  manifest: Hash;
  /** Epoch milliseconds, inclusive. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  /** How many of them are asked for; null when nobody counted. */
  rows: bigint | null;
}

/** The archives with entries of an owner and its nodes, the newest first. */
export function listArchivedEntries(database: Queryable, owner: Address): Promise<ArchivedRange[]> {
  return database.query<ArchivedRange>(
    `select manifest, lower as "from", upper as "to", sum(entries) as rows
       from archived_sums join archives on archives.id = archive
      where account in (select account from balances where split_part(split_part(account, ':', 2), '/', 1) = $1)
      group by archives.id order by lower desc`,
    [owner],
  );
}

/**
 * The archives of logs that were written while a task was under way, the newest first.
 * @param life epoch milliseconds
 */
export function listArchivedLogs(database: Queryable, life: { from: number; to: number }): Promise<ArchivedRange[]> {
  return database.query<ArchivedRange>(
    `select manifest, lower as "from", upper as "to", null::bigint as rows from archives
      where source = 'execution_logs' and ${GONE} and lower <= $2::timestamptz and upper > $1::timestamptz
      order by lower desc`,
    [new Date(life.from).toISOString(), new Date(life.to).toISOString()],
  );
}

/** The last place of the event log that is archived, and the manifest that holds it; undefined when all is here. */
export async function findArchivedLog(database: Queryable): Promise<{ through: number; manifest: Hash } | undefined> {
  const [row] = await database.query<{ through: bigint; manifest: Hash }>(
    `select last_seq as through, manifest from archives where source = 'events' and last_seq is not null and ${GONE}
      order by last_seq desc limit 1`,
  );
  return row && { through: Number(row.through), manifest: row.manifest };
}

const GONE = "state in ('archived', 'restoring')";
