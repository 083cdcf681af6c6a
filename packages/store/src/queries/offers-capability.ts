import type { Queryable } from "../database/database.ts";

/** Whether an active agent offers a capability; the version named, when one is. */
export async function offersCapability(
  database: Queryable,
  { capability, agentVersion }: { capability: string; agentVersion: string | null },
): Promise<boolean> {
  const rows = await database.query(
    `select 1 from agents where state = 'active' and capabilities @> array[$1::text]
        and ($2::text is null or version_id = $2) limit 1`,
    [capability, agentVersion],
  );
  return rows.length > 0;
}
