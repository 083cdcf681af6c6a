import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** A capability whose newest closed round is not anchored yet. */
export interface UnanchoredRow {
  capability: string;
  /** The newest closed round's outcome hash. */
  head: Hash;
  /** Closed rounds since the last confirmed anchor. */
  fresh: bigint;
  /** What was anchored last; nulls when nothing was. */
  anchoredHead: Hash | null;
  anchoredPosition: bigint | null;
}

/** The capabilities with rounds to anchor. Costs a few index reads for each capability, and one for each fresh round. */
export function listUnanchored(database: Queryable): Promise<UnanchoredRow[]> {
  return database.query<UnanchoredRow>(
    `with recursive names (capability) as (
       select min(capability) from rounds
       union all
       select (select min(rounds.capability) from rounds where rounds.capability > names.capability)
         from names where names.capability is not null
     )
     select names.capability, newest.outcome_hash as head, last.head as "anchoredHead",
            last.position as "anchoredPosition",
            (select count(*) from rounds
              where rounds.capability = names.capability and state = 'closed'
                and rounds.position > coalesce(last.round_position, -1)) as fresh
       from names
       cross join lateral (
         select outcome_hash, rounds.position from rounds
          where rounds.capability = names.capability and state = 'closed' order by rounds.position desc limit 1
       ) as newest
       left join lateral (
         select anchors.head, anchors.position, round_position from anchors
          where anchors.capability = names.capability order by round_position desc limit 1
       ) as last on true
      where last.round_position is null or newest.position > last.round_position`,
  );
}

/** Where a capability's closed round with this outcome hash stands among all rounds; undefined when there is none. */
export async function findRoundPosition(
  database: Queryable,
  { capability, outcomeHash }: { capability: string; outcomeHash: Hash },
): Promise<bigint | undefined> {
  const [row] = await database.query<{ position: bigint }>(
    "select position from rounds where outcome_hash = $1 and capability = $2 and state = 'closed'",
    [outcomeHash, capability],
  );
  return row?.position;
}
