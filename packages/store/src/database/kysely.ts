import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import type { Database } from "./database.ts";
import { PgliteDatabase } from "./open-pglite.ts";
import { PostgresDatabase } from "./open-postgres.ts";

/**
 * A query builder over the same database, for libraries that bring their own tables.
 * It shares the connections; closing it is the database's business.
 */
export function kyselyOf<Tables>(database: Database): Kysely<Tables> {
  if (database instanceof PgliteDatabase)
    return new Kysely({ dialect: new PGliteDialect({ pglite: database.pglite }) });
  if (database instanceof PostgresDatabase)
    return new Kysely({ dialect: new PostgresDialect({ pool: database.pool }) });
  throw new TypeError("unknown kind of database");
}
