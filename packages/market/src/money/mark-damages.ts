import type { Hash } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** What became of a failed award's damages sent to the chain. */
export interface DamagesMark {
  awardHash: Hash;
  state: "submitted" | "skipped";
  txHash: Hash | null;
  reason: string | null;
}

/** Records what was sent to the chain. What the chain confirmed before is not touched. */
export function markDamages(context: MarketContext, { awardHash, state, txHash, reason }: DamagesMark): Promise<void> {
  return context.lane.run({
    name: "mark-damages",
    decide: (set) =>
      set.defer((tx) =>
        tx.query(
          `update damages set state = $2, tx_hash = $3, reason = $4, updated_at = $5::timestamptz
            where award_hash = $1 and state <> 'confirmed'`,
          [awardHash, state, txHash, reason, new Date(set.now).toISOString()],
        ),
      ),
  });
}
