import { nextState } from "@stoa/core";
import type { Address, TaskId } from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { accountsOfTask, freeBond, releaseTask } from "./end-task.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface FailExecution {
  taskId: TaskId;
  node: Address;
  reason: string;
  message: string;
}

/**
 * Ends a task whose agent failed by its own error or an exhausted limit: no payment, no damages, full refund. Its award is
 * voided on chain, where the node could claim it otherwise.
 * @throws {StoaError} `not_assigned`, `wrong_state`
 */
export function failExecution(context: MarketContext, request: FailExecution): Promise<void> {
  const { taskId, node, reason, message } = request;
  return context.lane.run({
    name: "fail-execution",
    tasks: [taskId],
    accounts: (set) => accountsOfTask(set, set.findTask(taskId)),
    decide(set) {
      const task = set.task(taskId);
      const award = requireAwardOf(set, task, node);
      if (task.state === "failed") return;
      task.state = nextState(task.state, "fail");
      Object.assign(award, {
        state: "failed",
        endedAt: set.now,
        failure: { reason, message },
      } satisfies Partial<AwardRecord>);
      set.putAward(award);
      freeBond(set, award);
      set.damages.push({ awardHash: award.hash, taskId, toRequester: 0n, toFaultPool: 0n });
      releaseTask(set, task, reason, message);
      set.emit({ type: "task.failed", audience: null, data: { taskId, reason, message } });
    },
  });
}
