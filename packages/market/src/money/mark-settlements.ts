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

/** Records what was sent to the chain. What the chain confirmed before is not touched. */
export function markSettlements(context: MarketContext, marks: readonly SettlementMark[]): Promise<void> {
  return context.lane.run({
    name: "mark-settlements",
    tasks: marks.map(({ taskId }) => taskId),
    decide(set) {
      for (const { taskId, state, txHash, reason } of marks) {
        const settlement = set.settlement(taskId);
        if (!settlement || !["pending", "submitted"].includes(settlement.state)) continue;
        set.putSettlement({ ...settlement, state, txHash, reason });
        if (state === "skipped") set.emit({ type: "settlement.skipped", audience: null, data: { taskId, reason: reason ?? "" } });
        else if (txHash) set.emit({ type: "settlement.submitted", audience: null, data: { taskId, txHash } });
      }
    },
  });
}
