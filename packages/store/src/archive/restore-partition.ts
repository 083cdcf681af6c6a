import { createHash } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import type { Database, Queryable } from "../database/database.ts";
import { attachPartition, createDetached } from "../partitions/attach-partition.ts";
import { retryLocked } from "../partitions/retry-locked.ts";
import type { ArchiveObjects } from "./archive-objects.ts";
import { type ArchiveRecord, findArchive, moveArchive } from "./archive-record.ts";
import { type ArchiveManifest, readManifest } from "./manifest.ts";
import { readParts } from "./read-parts.ts";
import { readRows } from "./read-rows.ts";

export interface RestoreOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { step: "reading" | "checking"; rows: number }) => void) | undefined;
}

/**
 * Brings an archived partition back: reads its rows into a table, compares them with the archive, and attaches it in the
 * transaction that forgets its entries' sums. Restoring what is restored changes nothing. To be run under
 * {@link holdArchives}.
 * @throws {StoaError} `not_found` for a partition that was never archived; `internal` when the archive is damaged
 */
export async function restorePartition(
  database: Database,
  objects: ArchiveObjects,
  partition: string,
  options: RestoreOptions = {},
): Promise<void> {
  const archive = await findArchive(database, partition);
  if (archive?.state === "restored") return;
  if (!archive?.manifest || (archive.state !== "archived" && archive.state !== "restoring"))
    throw new StoaError("not_found", `${partition} is not archived`);
  const manifest = await readManifest(objects, archive.manifest);
  if (manifest.partition !== partition || manifest.source !== archive.source)
    throw new StoaError("internal", `${archive.manifest} is of ${manifest.partition}, expected ${partition}`);
  await beginRestore(database, archive);
  await readBack(database, objects, manifest, options);
  await compare(database, manifest, options);
  await retryLocked(() => attach(database, { ...archive, state: "restoring" }));
}

/** What a run that died has read is read again: the table is nobody's before it is attached. */
async function beginRestore(database: Database, archive: ArchiveRecord): Promise<void> {
  await database.transaction(async (tx) => {
    await moveArchive(tx, archive, "restoring");
    await tx.script(`drop table if exists "${archive.partition}"`);
    await createDetached(tx, archive.source, archive.partition);
  });
}

async function readBack(
  database: Queryable,
  objects: ArchiveObjects,
  { partition, columns, parts }: ArchiveManifest,
  { signal, onProgress }: RestoreOptions,
): Promise<void> {
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const types = columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
  const text = `insert into "${partition}" (${names}) select ${names} from json_to_recordset($1::json) as row (${types})`;
  let rows = 0;
  let part = 0;
  for await (const lines of readParts(objects, parts)) {
    signal?.throwIfAborted();
    await database.query(text, [`[${lines.toString().trimEnd().replaceAll("\n", ",")}]`]);
    rows += parts[part++]!.rows;
    onProgress?.({ step: "reading", rows });
  }
}

/** The rows of the table, written as an archive again, are the archive's to the byte. */
async function compare(
  database: Queryable,
  { source, partition, columns, rows, rowsHash }: ArchiveManifest,
  { signal, onProgress }: RestoreOptions,
): Promise<void> {
  const digest = createHash("sha256");
  let count = 0;
  for await (const page of readRows(database, { source, partition, columns })) {
    signal?.throwIfAborted();
    digest.update(page.lines);
    count += page.rows;
    onProgress?.({ step: "checking", rows: count });
  }
  const actual = `0x${digest.digest("hex")}`;
  if (count !== rows || actual !== rowsHash)
    throw new StoaError(
      "internal",
      `${partition} came back with ${count} rows that hash to ${actual}, expected ${rows} with ${rowsHash}`,
    );
}

async function attach(database: Database, archive: ArchiveRecord): Promise<void> {
  const { id, source, partition, from, to } = archive;
  await database.transaction(async (tx) => {
    await moveArchive(tx, archive, "restored");
    await tx.query("delete from archived_sums where archive = $1", [id]);
    await attachPartition(tx, { table: source, name: partition, from, to });
  });
}
