import type { Hash } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** An anchor of a capability's chain of rounds, as the chain has confirmed it. */
export interface AnchorMark {
  capability: string;
  /** The outcome hash that stands on chain. */
  head: Hash;
  /** How many rounds of the capability it ends. */
  position: number;
  txHash: Hash;
  blockNumber: number;
}

/** Records an anchor; recording it again changes nothing. */
export function markAnchor(
  context: MarketContext,
  { capability, head, position, txHash, blockNumber }: AnchorMark,
): Promise<void> {
  return context.lane.run({
    name: "mark-anchor",
    decide: (set) =>
      set.defer((tx) =>
        tx.query(
          `insert into anchors (capability, round_position, position, head, tx_hash, block_number)
           select capability, rounds.position, $3, outcome_hash, $4, $5 from rounds
            where outcome_hash = $1 and capability = $2 and state = 'closed'
           on conflict do nothing`,
          [head, capability, position, txHash, blockNumber],
        ),
      ),
  });
}
