import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { StoaError } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type ArchiveColumn, lineOf } from "./archive-lines.ts";
import type { ArchiveObjects } from "./archive-objects.ts";
import type { ArchiveRecord } from "./archive-record.ts";
import type { ArchiveManifest, ArchivePart } from "./manifest.ts";

const compress = promisify(gzip);

/** Clocks of server processes differ by moments: more strays than this mean something else. */
const MOST_STRAYS = 10_000;

/** What a manifest says of its rows beyond their number and hash: the sums of entries, the places of events. */
export async function describeRows(
  database: Queryable,
  objects: ArchiveObjects,
  archive: ArchiveRecord,
  columns: readonly ArchiveColumn[],
): Promise<Pick<ArchiveManifest, "amounts" | "log">> {
  if (archive.source === "entries") return { amounts: await sumAmounts(database, archive.partition) };
  const log = archive.source === "events" ? await describeLog(database, objects, archive, columns) : undefined;
  return log ? { log } : {};
}

async function sumAmounts(database: Queryable, partition: string): Promise<NonNullable<ArchiveManifest["amounts"]>> {
  const [row] = await database.query<{ sum: string; turnover: string }>(
    `select coalesce(sum(amount), 0)::text as sum, coalesce(sum(amount) filter (where amount > 0), 0)::text as turnover
       from "${partition}"`,
  );
  return row!;
}

/**
 * Where the partition lies in the log. Events are numbered as they commit and split by the clock of the process that
 * wrote them, so where clocks differ a few of the next month come before the last of this one. They are written along,
 * so that archives hold everything up to their last place in the log.
 */
async function describeLog(
  database: Queryable,
  objects: ArchiveObjects,
  { partition, from, to }: ArchiveRecord,
  columns: readonly ArchiveColumn[],
): Promise<ArchiveManifest["log"]> {
  const [log] = await database.query<{ first: string | null; last: string | null }>(
    `select min(seq)::text as first, max(seq)::text as last from "${partition}"`,
  );
  if (!log?.first || !log.last) return undefined;
  const strays = await database.query<{ line: string }>(
    `select ${lineOf(columns)} as line from events
      where seq < $1::bigint and not (at >= $2::timestamptz and at < $3::timestamptz) order by seq limit $4`,
    [log.last, new Date(from).toISOString(), new Date(to).toISOString(), MOST_STRAYS + 1],
  );
  if (strays.length > MOST_STRAYS)
    throw new StoaError(
      "archive_blocked",
      `more than ${MOST_STRAYS} events before the last of ${partition} lie in other partitions: archive those first`,
    );
  return { first: log.first, last: log.last, strays: await writeStrays(objects, strays) };
}

async function writeStrays(objects: ArchiveObjects, strays: readonly { line: string }[]): Promise<ArchivePart | null> {
  if (strays.length === 0) return null;
  const lines = strays.map(({ line }) => `${line}\n`).join("");
  return { hash: await objects.put(await compress(Buffer.from(lines))), rows: strays.length };
}
