import type { Queryable } from "../database/database.ts";

/** Any constant: the name of the one lane all server processes share. */
const LANE = 7_302;

/** One process's hold of the lane, from its statement on until the transaction ends. */
export interface LaneTurn {
  /** Counts every hold of the lane by any process; numbers may be skipped, none comes twice. */
  turn: bigint;
  /** When the database started, epoch milliseconds: a database that was restarted may have been restored from a backup. */
  databaseStartedAt: number;
  /** The database's time once the lane is held, epoch milliseconds: the one clock all server processes share. */
  now: number;
}

/**
 * Waits for the lane and holds it until the transaction ends. Batches of several server processes commit one after
 * another, so the event log's numbers appear in the order they commit and no cursor reader misses one. A process whose
 * turns follow one another knows that no other has written in between.
 */
export async function holdLane(tx: Queryable): Promise<LaneTurn> {
  // The number is drawn, and the clock read, once the lane is held: the row they are for comes from the lock.
  const [turn] = await tx.query<LaneTurn>(
    `with held as materialized (select pg_advisory_xact_lock($1))
     select nextval('lane_turns') as turn, pg_postmaster_start_time() as "databaseStartedAt", clock_timestamp() as now
       from held`,
    [LANE],
  );
  return turn!;
}
