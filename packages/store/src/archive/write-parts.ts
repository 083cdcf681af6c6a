import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { ArchiveObjects } from "./archive-objects.ts";
import type { ArchivePart } from "./manifest.ts";
import { readRows, type RowsToRead } from "./read-rows.ts";

const compress = promisify(gzip);

/** What was written of a table. */
export interface WrittenRows {
  parts: ArchivePart[];
  rows: number;
  rowsHash: Hash;
  /** Of the rows whatever their order, as this database computes it. */
  digest: bigint;
}

/**
 * Writes a table's rows to the object store, a page a part.
 * @param options.signal stops between two pages
 * @param options.onRows is told how many rows were written so far
 */
export async function writeParts(
  database: Queryable,
  objects: ArchiveObjects,
  rows: RowsToRead,
  options: { signal?: AbortSignal | undefined; onRows?: ((rows: number) => void) | undefined } = {},
): Promise<WrittenRows> {
  const hash = createHash("sha256");
  const written: Omit<WrittenRows, "rowsHash"> = { parts: [], rows: 0, digest: 0n };
  for await (const page of readRows(database, rows)) {
    options.signal?.throwIfAborted();
    hash.update(page.lines);
    written.parts.push({ hash: await objects.put(await compress(page.lines)), rows: page.rows });
    written.rows += page.rows;
    written.digest += page.digest;
    options.onRows?.(written.rows);
  }
  return { ...written, rowsHash: `0x${hash.digest("hex")}` };
}
