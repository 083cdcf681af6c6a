import { migrate } from "./migrate.ts";
import { ensurePartitions } from "../partitions/ensure-partitions.ts";
import type { Span } from "../partitions/spans.ts";
import type { Database } from "./database.ts";
import { openPglite } from "./open-pglite.ts";
import { openPostgres } from "./open-postgres.ts";

/**
 * Opens the market's database, brings its schema up to date, and makes the partitions of the time ahead.
 * @param where a PostgreSQL URL, or a folder for the embedded database; neither opens it in memory
 * @param where.span how much time a new partition covers; a month by default
 * @throws {StoaError} `data_locked`, `database_unavailable`
 */
export async function openDatabase(where: {
  url?: string | undefined;
  folder?: string | undefined;
  span?: Span | undefined;
}): Promise<Database> {
  const database = where.url ? await openPostgres(where.url) : await openPglite(where.folder);
  try {
    await migrate(database);
    await ensurePartitions(database, { span: where.span });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
