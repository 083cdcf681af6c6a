import type { Queryable } from "../database/database.ts";

/** What the market has under way. */
export interface MarketLoad {
  waitingTasks: number;
  busyExecutions: number;
  /** How many settlements the chain has not confirmed, by state. */
  settlements: Partial<Record<"pending" | "submitted" | "claimed" | "skipped", number>>;
  /** Since when the oldest that was never sent waits, epoch milliseconds; null when none does. */
  pendingSince: number | null;
}

/** Counts what is under way, each by an index that holds nothing else. */
export async function marketLoad(database: Queryable): Promise<MarketLoad> {
  const [load] = await database.query<MarketLoad>(
    `select (select count(*) from tasks where waiting)::int as "waitingTasks",
            (select count(*) from awards where busy)::int as "busyExecutions",
            (select coalesce(json_object_agg(state, number), '{}') from
              (select state, count(*) as number from settlements where state <> 'confirmed' group by state) as unconfirmed)
              as settlements,
            (select extract(epoch from min(updated_at)) * 1000 from settlements where state = 'pending')::float8
              as "pendingSince"`,
  );
  return load!;
}
