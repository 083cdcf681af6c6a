import { findBlocker, listArchives, listPartitions } from "@stoa/store";
import { type ArchiveTools, dayOf } from "./archive-tools.ts";

interface PartitionState {
  partition: string;
  from: string;
  to: string;
  /** `open` for what is here and never was on its way; else what became of its archive. */
  state: string;
  bytes: number | null;
  rows: number | null;
  manifest: string | null;
  /** Why it could not be archived now; null when it could, or is. */
  blocker: string | null;
}

/** `list`: every partition that is or was. */
export async function listPartitionStates({ database, json, out }: ArchiveTools): Promise<number> {
  const archives = await listArchives(database);
  const states = new Map<string, PartitionState>(
    archives.map(({ partition, from, to, state, rows, manifest }) => [
      partition,
      {
        partition,
        from: dayOf(from),
        to: dayOf(to),
        state,
        bytes: null,
        rows: numberOf(rows),
        manifest,
        blocker: null,
      },
    ]),
  );
  for (const partition of await listPartitions(database)) {
    const { name, from, to, bytes } = partition;
    const archived = states.get(name);
    const blocker = to > Date.now() ? "it is not over" : await findBlocker(database, partition);
    states.set(name, {
      partition: name,
      from: dayOf(from),
      to: dayOf(to),
      state: archived?.state ?? "open",
      rows: archived?.rows ?? null,
      manifest: archived?.manifest ?? null,
      bytes: Number(bytes),
      blocker,
    });
  }
  const sorted = [...states.values()].sort((a, b) => compare(a.from, b.from) || compare(a.partition, b.partition));
  if (json) out(JSON.stringify({ partitions: sorted }));
  else for (const state of sorted) out(lineOf(state));
  return 0;
}

function lineOf({ partition, from, to, state, bytes, rows, manifest, blocker }: PartitionState): string {
  const size = bytes === null ? `${rows ?? 0} rows` : `${Math.ceil(bytes / 1_048_576)} MB`;
  const note = manifest ?? (blocker === null ? "could be archived" : `stays: ${blocker}`);
  return [partition.padEnd(26), `${from} to ${to}`, state.padEnd(9), size.padStart(12), note].join("  ");
}

function numberOf(rows: bigint | null): number | null {
  return rows === null ? null : Number(rows);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
