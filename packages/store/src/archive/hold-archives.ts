import { StoaError } from "@stoa/protocol";
import type { Database } from "../database/database.ts";

/** Any constant: the name of the one archivist all processes share. */
const ARCHIVIST = 7_304;

/**
 * Runs `work` while no other process archives or restores: manifests form one chain. The embedded database has no other
 * process, and a transaction held open there would keep everybody else waiting.
 * @throws {StoaError} `archive_blocked` when another process is at it
 */
export async function holdArchives<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  if (database.kind === "pglite") return work();
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ held: boolean }>("select pg_try_advisory_xact_lock($1) as held", [ARCHIVIST]);
    if (!row?.held)
      throw new StoaError("archive_blocked", "another process archives or restores: try again when it is done");
    return work();
  });
}
