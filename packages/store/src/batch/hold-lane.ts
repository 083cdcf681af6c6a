import type { Queryable } from "../database/database.ts";

/** Any constant: the name of the one lane all server processes share. */
const LANE = 7_302;

/**
 * Waits for the lane and holds it until the transaction ends. Batches of several server processes commit one after
 * another, so the event log's numbers appear in the order they commit and no cursor reader misses one.
 * @returns the database's time once the lane is held, epoch milliseconds: the one clock all server processes share
 */
export async function holdLane(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ now: number }>(
    "with held as materialized (select pg_advisory_xact_lock($1)) select clock_timestamp() as now from held",
    [LANE],
  );
  return row?.now ?? Number.NaN;
}
