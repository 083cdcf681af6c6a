import { type Hash, StoaError } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { PartitionedName } from "../partitions/partitioned-tables.ts";

/*
 *   writing ──▶ written ──▶ archived ──▶ restoring ──▶ restored
 *
 * writing     rows are being written to the object store; the partition is whole
 * written     all of it is there, and was read back; the partition is whole
 * archived    the partition is dropped, and its entries' sums are kept, in the transaction that said so
 * restoring   rows are being read into a table of the partition's name, which is not attached yet
 * restored    it is attached and the sums are gone, in one transaction again
 *
 * A process that dies leaves the state it was in, and the next one begins that step again.
 */
export type ArchiveState = "writing" | "written" | "archived" | "restoring" | "restored";

/** What is known of a partition's archive. */
export interface ArchiveRecord {
  id: bigint;
  source: PartitionedName;
  partition: string;
  /** Epoch milliseconds, inclusive. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  state: ArchiveState;
  manifest: Hash | null;
  previous: Hash | null;
  rows: bigint | null;
  digest: bigint | null;
  /** Of events: the last place in the log that is archived. */
  lastSeq: bigint | null;
}

const COLUMNS = `id, source, partition, lower as "from", upper as "to", state, manifest, previous, rows, digest,
       last_seq as "lastSeq"`;

/** Every archive there is or was, the oldest range first. */
export function listArchives(database: Queryable): Promise<ArchiveRecord[]> {
  return database.query<ArchiveRecord>(`select ${COLUMNS} from archives order by lower, source, id`);
}

/** The archives of a partition, the one that counts last. */
export async function findArchive(database: Queryable, partition: string): Promise<ArchiveRecord | undefined> {
  const rows = await database.query<ArchiveRecord>(
    `select ${COLUMNS} from archives where partition = $1 order by id desc limit 1`,
    [partition],
  );
  return rows[0];
}

/**
 * Takes an archive from one state to the next.
 * @throws {StoaError} `archive_blocked` when another process took it there, or elsewhere
 */
export async function moveArchive(tx: Queryable, { id, state }: ArchiveRecord, to: ArchiveState): Promise<void> {
  const moved = await tx.query(
    "update archives set state = $3, changed_at = now() where id = $1 and state = $2 returning id",
    [id, state, to],
  );
  if (moved.length === 0) throw new StoaError("archive_blocked", `the archive ${id} is not ${state} any more`);
}
