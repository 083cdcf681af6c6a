import { holdArchives, restorePartition } from "@stoa/store";
import type { ArchiveTools } from "./archive-tools.ts";

/** `restore PARTITION`: brings an archived partition back. */
export async function restore(
  { database, objects, json, out, progress }: ArchiveTools,
  partition: string,
): Promise<number> {
  await holdArchives(database, () =>
    restorePartition(database, objects, partition, {
      onProgress: ({ step, rows }) => progress(`${partition}: ${step} ${rows} rows`),
    }),
  );
  out(json ? JSON.stringify({ partition, state: "restored" }) : `${partition} is restored`);
  return 0;
}
