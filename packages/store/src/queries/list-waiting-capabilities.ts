import type { Queryable } from "../database/database.ts";

/**
 * The capabilities with an open task that is not paused between two attempts. It hops through the index of open tasks
 * from one capability to the next, so that it costs the same whether ten tasks wait or a million.
 * @param now epoch milliseconds
 */
export async function listWaitingCapabilities(database: Queryable, now: number): Promise<string[]> {
  const rows = await database.query<{ capability: string }>(
    `with recursive waiting as (
       (select capability from tasks where waiting and (not_before is null or not_before <= $1::timestamptz)
         order by capability limit 1)
       union all
       select (select capability from tasks where waiting and capability > waiting.capability
                  and (not_before is null or not_before <= $1::timestamptz)
                order by capability limit 1)
         from waiting where waiting.capability is not null
     )
     select capability from waiting where capability is not null`,
    [new Date(now).toISOString()],
  );
  return rows.map(({ capability }) => capability);
}
