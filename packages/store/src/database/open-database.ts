import { migrate } from "./migrate.ts";
import type { Database } from "./database.ts";
import { openPglite } from "./open-pglite.ts";
import { openPostgres } from "./open-postgres.ts";

/**
 * Opens the market's database and brings its schema up to date.
 * @param where a PostgreSQL URL, or a folder for the embedded database; neither opens it in memory
 * @throws {StoaError} `data_locked`, `database_unavailable`
 */
export async function openDatabase(where: {
  url?: string | undefined;
  folder?: string | undefined;
}): Promise<Database> {
  const database = where.url ? await openPostgres(where.url) : await openPglite(where.folder);
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
