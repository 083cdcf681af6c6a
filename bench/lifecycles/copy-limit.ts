import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@stoa/store";

const TABLES = ["tasks", "orders", "awards", "entries", "events", "settlements", "alarms", "rounds", "sheets"];

/**
 * How long PostgreSQL takes for the bare rows of the life cycles in a database: `COPY` from files into tables of the same
 * columns and indexes, one transaction for all, nothing checked or changed. What writes them one step at a time cannot
 * be faster.
 * @returns milliseconds
 */
export async function timeCopies(database: Database): Promise<number> {
  const fileOf = (table: string) => join(tmpdir(), `stoa-bench-${process.pid}-${table}`);
  const columnsOf = new Map<string, string>();
  try {
    for (const table of TABLES) {
      const [row] = await database.query<{ names: string }>(
        `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`,
        [table],
      );
      columnsOf.set(table, row!.names);
      await database.script(`create table copied_${table} (like ${table} including all)`);
      await database.script(`copy (select ${row!.names} from ${table}) to '${fileOf(table)}'`);
    }
    const startedAt = performance.now();
    await database.transaction(async (tx) => {
      for (const [table, names] of columnsOf) {
        await tx.script(`copy copied_${table} (${names}) from '${fileOf(table)}'`);
      }
    });
    return performance.now() - startedAt;
  } finally {
    for (const table of TABLES) await rm(fileOf(table), { force: true });
  }
}
