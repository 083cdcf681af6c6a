import type { RoundId, RoundState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** What the lane decides on of a round. */
export interface RoundStatus {
  id: RoundId;
  state: RoundState;
  closesAt: number;
  /** How many nodes have answered. */
  sheets: number;
}

/** How these rounds stand. */
export async function loadRounds(tx: Queryable, ids: readonly RoundId[]): Promise<RoundStatus[]> {
  if (ids.length === 0) return [];
  return tx.query<RoundStatus>(
    `select id, state, closes_at as "closesAt",
            (select count(*) from sheets where round_id = rounds.id)::integer as sheets
       from rounds where id = any($1::text[])`,
    [ids],
  );
}
