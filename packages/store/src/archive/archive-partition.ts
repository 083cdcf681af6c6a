import { type Hash, StoaError } from "@stoa/protocol";
import type { Database, Queryable } from "../database/database.ts";
import type { Partition } from "../partitions/list-partitions.ts";
import { retryLocked } from "../partitions/retry-locked.ts";
import { partitionedTables } from "../partitions/partitioned-tables.ts";
import { type ArchiveColumn, columnsOf } from "./archive-lines.ts";
import type { ArchiveObjects } from "./archive-objects.ts";
import { type ArchiveRecord, findArchive, moveArchive } from "./archive-record.ts";
import { checkArchive } from "./check-archive.ts";
import { describeRows } from "./describe-rows.ts";
import { findBlocker } from "./find-blocker.ts";
import { ARCHIVE_FORMAT, type ArchiveManifest, writeManifest } from "./manifest.ts";
import { digestRows } from "./read-rows.ts";
import { writeParts } from "./write-parts.ts";

export interface ArchiveOptions {
  /** Stops between two pages of rows; what was begun is begun again by the next run. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { step: "writing" | "checking" | "dropping"; rows: number }) => void) | undefined;
}

/** Readers wait for the moment a partition is dropped, and it gives way to them before that. */
const LOCK_TIMEOUT = "1s";

/**
 * Moves a partition to the object store: writes its rows, reads them back, and drops it in the transaction that keeps
 * its entries' sums. Killed anywhere and run again, it loses nothing and does nothing twice. To be run under
 * {@link holdArchives}.
 * @returns the manifest's hash
 * @throws {StoaError} `archive_blocked` when something in it is not over; `internal` when it does not read back the same
 */
export async function archivePartition(
  database: Database,
  objects: ArchiveObjects,
  partition: Partition,
  options: ArchiveOptions = {},
): Promise<Hash> {
  const blocker = await findBlocker(database, partition);
  if (blocker) throw new StoaError("archive_blocked", `${partition.name} cannot be archived yet: ${blocker}`);
  const columns = await columnsOf(database, partition.name);
  let archive = await beginArchive(database, partition);
  if (archive.state === "writing") archive = await write(database, objects, archive, columns, options);
  if (archive.state !== "written" || !archive.manifest)
    throw new StoaError("archive_blocked", `${partition.name} is ${archive.state}`);
  options.onProgress?.({ step: "dropping", rows: Number(archive.rows) });
  await retryLocked(() => drop(database, archive, columns));
  return archive.manifest;
}

async function beginArchive(database: Database, { table, name, from, to }: Partition): Promise<ArchiveRecord> {
  await database.query(
    `insert into archives (source, partition, lower, upper, state) values ($1, $2, $3::timestamptz, $4::timestamptz, 'writing')
     on conflict (partition) where state <> 'restored' do nothing`,
    [table, name, new Date(from).toISOString(), new Date(to).toISOString()],
  );
  return (await findArchive(database, name))!;
}

async function write(
  database: Database,
  objects: ArchiveObjects,
  archive: ArchiveRecord,
  columns: ArchiveColumn[],
  { signal, onProgress }: ArchiveOptions,
): Promise<ArchiveRecord> {
  const { source, partition } = archive;
  const { digest, ...written } = await writeParts(
    database,
    objects,
    { source, partition, columns },
    {
      signal,
      onRows: (rows) => onProgress?.({ step: "writing", rows }),
    },
  );
  const manifest: ArchiveManifest = {
    format: ARCHIVE_FORMAT,
    source,
    partition,
    from: new Date(archive.from).toISOString(),
    to: new Date(archive.to).toISOString(),
    columns,
    order: [...partitionedTables[source].key],
    encoding: "gzip",
    ...written,
    ...(await describeRows(database, objects, archive, columns)),
    previous: await lastManifest(database),
  };
  const hash = await writeManifest(objects, manifest);
  await checkArchive(objects, manifest, (rows) => onProgress?.({ step: "checking", rows }));
  return database.transaction(async (tx) => {
    await moveArchive(tx, archive, "written");
    await tx.query(
      "update archives set manifest = $2, previous = $3, rows = $4, digest = $5::numeric, last_seq = $6::bigint where id = $1",
      [archive.id, hash, manifest.previous, manifest.rows, digest, manifest.log?.last ?? null],
    );
    return (await findArchive(tx, partition))!;
  });
}

/** The end of the chain of manifests. */
async function lastManifest(database: Queryable): Promise<Hash | null> {
  const [last] = await database.query<{ manifest: Hash }>(
    `select manifest from archives as last where manifest is not null
        and not exists (select 1 from archives as next where next.previous = last.manifest)`,
  );
  return last?.manifest ?? null;
}

/** Drops a partition that is in the object store, unless it is not what was written there any more. */
async function drop(database: Database, archive: ArchiveRecord, columns: ArchiveColumn[]): Promise<void> {
  const { id, source, partition } = archive;
  const isSame = await database.transaction(async (tx) => {
    await tx.script(`set local lock_timeout = '${LOCK_TIMEOUT}'; lock table "${partition}" in share mode`);
    const { rows, digest } = await digestRows(tx, { partition, columns });
    if (rows !== archive.rows || digest !== archive.digest) {
      await tx.query("update archives set state = 'writing', manifest = null, previous = null where id = $1", [id]);
      return false;
    }
    await moveArchive(tx, archive, "archived");
    if (source === "entries") {
      await tx.query(
        `insert into archived_sums (account, archive, amount, entries)
         select account, $1::bigint, sum(amount), count(*) from "${partition}" group by account`,
        [id],
      );
    }
    await tx.script(`drop table "${partition}"`);
    return true;
  });
  if (!isSame)
    throw new StoaError("archive_blocked", `${partition} changed while it was archived: it will be written again`);
}
