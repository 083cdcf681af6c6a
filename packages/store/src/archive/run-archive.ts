import type { Hash } from "@stoa/protocol";
import type { Database } from "../database/database.ts";
import { listPartitions, type Partition } from "../partitions/list-partitions.ts";
import { archivePartition, type ArchiveOptions } from "./archive-partition.ts";
import type { ArchiveObjects } from "./archive-objects.ts";
import { listArchives } from "./archive-record.ts";
import { findBlocker } from "./find-blocker.ts";
import { holdArchives } from "./hold-archives.ts";

export interface ArchiveRun {
  /** Epoch milliseconds: what ended before may leave. */
  endedBefore: number;
  /** Only this partition, even when it was restored before. */
  partition?: string | undefined;
}

/** What came of one partition. */
export interface ArchiveOutcome {
  partition: string;
  /** The manifest's hash; null when it stays. */
  manifest: Hash | null;
  /** Why it stays; null when it left. */
  blocker: string | null;
}

/**
 * Archives every partition that ended long enough ago and concerns nothing that is not over. What was restored stays
 * until it is named.
 * @throws {StoaError} `archive_blocked` when another process is at it
 */
export function runArchive(
  database: Database,
  objects: ArchiveObjects,
  run: ArchiveRun,
  options: ArchiveOptions & { onPartition?: (partition: Partition) => void } = {},
): Promise<ArchiveOutcome[]> {
  return holdArchives(database, async () => {
    const outcomes: ArchiveOutcome[] = [];
    // The event log leaves in its order: a cursor has one place where the archive ends.
    let logIsHeld = false;
    for (const partition of await duePartitions(database, run)) {
      options.signal?.throwIfAborted();
      const { name, table } = partition;
      const blocker =
        table === "events" && logIsHeld ? "an earlier part of the log stays" : await findBlocker(database, partition);
      if (blocker && table === "events") logIsHeld = true;
      if (!blocker) options.onPartition?.(partition);
      const manifest = blocker ? null : await archivePartition(database, objects, partition, options);
      outcomes.push({ partition: name, manifest, blocker });
    }
    return outcomes;
  });
}

async function duePartitions(database: Database, { endedBefore, partition }: ArchiveRun): Promise<Partition[]> {
  const restored = new Set(
    (await listArchives(database)).filter(({ state }) => state === "restored").map((archive) => archive.partition),
  );
  return (await listPartitions(database)).filter(
    ({ name, to }) => to <= endedBefore && (partition === undefined ? !restored.has(name) : name === partition),
  );
}
