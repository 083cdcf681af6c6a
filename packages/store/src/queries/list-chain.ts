import type { Hash, RoundId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** A closed round as its capability's chain of hashes has it. */
export interface ChainRow {
  roundId: RoundId;
  outcomeHash: Hash;
  previousHash: Hash;
  closedAt: number;
  /** Hashes of its re-awards, oldest first. */
  supplements: Hash[];
  /** Where it stands among all rounds. */
  position: bigint;
}

export interface ChainFilter {
  capability: string;
  /** The outcome hash to start from; the newest closed round when undefined. */
  from?: Hash | undefined;
  /** Only rounds before this position. */
  before?: number | undefined;
  limit: number;
}

/** The closed rounds of a capability, the newest first, in the order of their chain. */
export function listChain(database: Queryable, { capability, from, before, limit }: ChainFilter): Promise<ChainRow[]> {
  return database.query<ChainRow>(
    `select id as "roundId", outcome_hash as "outcomeHash", opening ->> 'previousHash' as "previousHash",
            closed_at as "closedAt", rounds.position,
            coalesce((select jsonb_agg(hash order by supplements.position) from supplements where round_id = id), '[]') as supplements
       from rounds
      where capability = $1 and state = 'closed'
        and ($2::bigint is null or position < $2)
        and ($3::text is null or position <= (select position from rounds where outcome_hash = $3 and capability = $1))
      order by position desc limit $4`,
    [capability, before ?? null, from ?? null, limit],
  );
}
