import { StoaError } from "@stoa/protocol";
import { type Database, findArchivedLog } from "@stoa/store";

/**
 * Makes sure that the log after a place is all here. Asked after it is read: what was archived meanwhile is missing then.
 * @throws {StoaError} `archived` naming the last archive that is missing, and where the log goes on
 */
export async function requireLogSince(database: Database, after: number): Promise<void> {
  const archived = await findArchivedLog(database);
  if (!archived || after >= archived.through) return;
  const { through, manifest } = archived;
  throw new StoaError(
    "archived",
    `the events up to ${through} are archived, the last of them under the manifest ${manifest}: read on with after=${through}`,
  );
}
