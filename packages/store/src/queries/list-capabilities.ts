import type { Queryable } from "../database/database.ts";

/** Most names that are looked at. */
const MOST = 10_000;

/** The capabilities some active agent offers. */
export async function listCapabilities(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select distinct unnest(capabilities) as name from agents where state = 'active' order by name limit ${MOST}`,
  );
  return rows.map(({ name }) => name);
}
