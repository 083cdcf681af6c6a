import type { Settings } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** What is set beside the configuration. */
export async function readSettings(database: Queryable): Promise<Settings> {
  const rows = await database.query<{ name: string; value: unknown }>("select name, value from settings");
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
