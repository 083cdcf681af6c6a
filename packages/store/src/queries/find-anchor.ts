import type { Hash, RoundId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** An anchor of a capability's chain of rounds that the chain has confirmed. */
export interface AnchorRow {
  /** The outcome hash that was anchored: the round's own, or a later one's of its capability. */
  head: Hash;
  /** How many rounds of the capability the head ends. */
  position: bigint;
  txHash: Hash;
  blockNumber: bigint;
}

/** The first anchor a closed round lies under; undefined while there is none. */
export async function findAnchor(database: Queryable, roundId: RoundId): Promise<AnchorRow | undefined> {
  const [row] = await database.query<AnchorRow>(
    `select anchor.* from rounds
       cross join lateral (
         select head, anchors.position, tx_hash as "txHash", block_number as "blockNumber" from anchors
          where anchors.capability = rounds.capability and round_position >= rounds.position
          order by round_position limit 1
       ) as anchor
      where id = $1 and state = 'closed'`,
    [roundId],
  );
  return row;
}
