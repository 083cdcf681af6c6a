import type { MarketEvents } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** How the market stands. */
export async function networkStats(database: Queryable): Promise<MarketEvents["network.told"]> {
  const [stats] = await database.query<MarketEvents["network.told"]>(
    `select (select count(*) from nodes where online)::int as "nodesOnline",
            (select coalesce(sum(slots), 0) from nodes where online)::int as slots,
            (select count(*) from awards where busy)::int as "executionsRunning",
            (select count(*) from tasks where waiting)::int as "tasksWaiting",
            (select count(*) from agents where state = 'active')::int as agents`,
  );
  return stats!;
}
