import { StoaError } from "@stoa/protocol";
import { runArchive } from "@stoa/store";
import type { ArchiveTools } from "./archive-tools.ts";

const DAY_MS = 86_400_000;

/** `run`: archives what is old enough and concerns nothing unfinished. */
export async function run(
  { database, objects, json, out, progress }: ArchiveTools,
  { olderThanDays, partition }: { olderThanDays: number | undefined; partition: string | undefined },
): Promise<number> {
  if (olderThanDays === undefined)
    throw new StoaError(
      "invalid_configuration",
      "how old a partition must be is not said: give --older-than-days, or set STOA_ARCHIVE_AFTER_DAYS",
    );
  let name = "";
  const outcomes = await runArchive(
    database,
    objects,
    { endedBefore: Date.now() - olderThanDays * DAY_MS, partition },
    {
      onPartition: (begun) => ((name = begun.name), progress(name)),
      onProgress: ({ step, rows }) => progress(`${name}: ${step} ${rows} rows`),
    },
  );
  if (json) out(JSON.stringify({ partitions: outcomes }));
  else if (outcomes.length === 0) out("nothing is old enough");
  else for (const outcome of outcomes) out(`${outcome.partition}  ${outcome.manifest ?? `stays: ${outcome.blocker}`}`);
  return 0;
}
