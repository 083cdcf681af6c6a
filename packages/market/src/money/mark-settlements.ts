import type { Hash, TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** What became of a batch sent to the chain, as far as its sender can know; the chain's own events confirm it. */
export interface SettlementMark {
  taskId: TaskId;
  state: "submitted" | "skipped";
  txHash: Hash | null;
  /** Why the vault skipped it. */
  reason: string | null;
}

/** Records what was sent to the chain, however often it was tried. What the chain confirmed before is not touched. */
export function markSettlements(context: MarketContext, marks: readonly SettlementMark[]): Promise<void> {
  return context.lane.run({
    name: "mark-settlements",
    tasks: marks.map(({ taskId }) => taskId),
    decide(set) {
      for (const { taskId, state, txHash, reason } of marks) {
        const settlement = set.settlement(taskId);
        if (!settlement || !["pending", "submitted", "skipped"].includes(settlement.state)) continue;
        const known = settlement.state === state && settlement.txHash === txHash && settlement.reason === reason;
        set.putSettlement({ ...settlement, state, txHash, reason });
        if (known) continue;
        if (state === "skipped")
          set.emit({ type: "settlement.skipped", audience: null, data: { taskId, reason: reason ?? "" } });
        else if (txHash) set.emit({ type: "settlement.submitted", audience: null, data: { taskId, txHash } });
      }
    },
  });
}
