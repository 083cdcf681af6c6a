import type { Queryable } from "../database/database.ts";

/**
 * The capabilities with an open task. It hops through the index of open tasks from one capability to the next, so that
 * it costs the same whether ten tasks wait or a million.
 */
export async function listWaitingCapabilities(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ capability: string }>(
    `with recursive waiting as (
       (select capability from tasks where waiting order by capability limit 1)
       union all
       select (select capability from tasks where waiting and capability > waiting.capability
                order by capability limit 1)
         from waiting where waiting.capability is not null
     )
     select capability from waiting where capability is not null`,
  );
  return rows.map(({ capability }) => capability);
}
