import { StoaError } from "@stoa/protocol";
import { ensurePartitions, runArchive } from "@stoa/store";
import type { StorageConfig } from "../config.ts";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

const EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

type PartitionsContext = Pick<EffectContext, "database" | "objects" | "log" | "signal">;

/**
 * Makes the partitions of the time ahead, and moves old ones to the object store where that is asked for. Several server
 * processes may run it: each partition is made once, and one process archives at a time.
 */
export function keepPartitions(
  context: PartitionsContext,
  { partitionSpan, archiveAfterDays }: Pick<StorageConfig, "partitionSpan" | "archiveAfterDays">,
): Repeated {
  const { database, objects, log, signal } = context;
  return repeat({ name: "partitions", everyMs: EVERY_MS, ...context }, async () => {
    const made = await ensurePartitions(database, { span: partitionSpan });
    if (made.length > 0) log.info({ made }, "partitions were made");
    if (archiveAfterDays === undefined) return;
    const endedBefore = Date.now() - archiveAfterDays * DAY_MS;
    const outcomes = await runArchive(database, objects, { endedBefore }, { signal }).catch((error: unknown) => {
      if (signal.aborted) return [];
      if (!(error instanceof StoaError) || error.code !== "archive_blocked") throw error;
      log.info({ reason: error.message }, "nothing is archived now");
      return [];
    });
    for (const { partition, manifest, blocker } of outcomes) {
      if (manifest) log.info({ partition, manifest }, "a partition was archived");
      else log.info({ partition, blocker }, "an old partition stays");
    }
  });
}
