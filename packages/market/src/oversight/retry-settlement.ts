import { StoaError, type TaskId } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Overseer } from "./overseer.ts";

/**
 * Has a settlement that the vault refused be sent again at once, however long ago it was refused. Whether it pays is the
 * vault's to say: an order is paid once.
 * @throws {StoaError} `not_found` when the task has no settlement, `wrong_state` when it was not refused
 */
export function retrySettlement(
  { lane }: MarketContext,
  { taskId, actor, reason }: Overseer & { taskId: TaskId },
): Promise<void> {
  return lane.run({
    name: "retry-settlement",
    tasks: [taskId],
    decide(set) {
      const settlement = set.settlement(taskId);
      if (!settlement) throw new StoaError("not_found", `the task ${taskId} has no settlement`);
      if (settlement.state !== "skipped")
        throw new StoaError("wrong_state", `the settlement of ${taskId} is ${settlement.state}, not skipped`);
      set.putSettlement({ ...settlement, state: "pending", txHash: null, reason: null });
      const details = { refused: settlement.reason };
      set.defer((tx) =>
        appendAudit(tx, { actor, action: "settlement.retry", subject: taskId, reason, details, at: set.now }),
      );
    },
  });
}
