import { nextAttemptAt, nextState } from "@stoa/core";
import { type Address, type Hash, StoaError, type TaskId } from "@stoa/protocol";
import type { AwardRecord, TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { accountsOfTask, freeBond } from "./end-task.ts";
import { giveUpIn } from "./give-up-task.ts";
import { requireAwardOf } from "./require-award-of.ts";
import { offerAgainIn } from "./resume-task.ts";

export interface FailExecution {
  taskId: TaskId;
  node: Address;
  /** The award it failed under; without it, the task's first. */
  awardHash?: Hash | undefined;
  reason: string;
  message: string;
  /** What it used until it failed. */
  stats?: Record<string, unknown> | undefined;
}

/**
 * Takes an agent's failure by its own error or an exhausted limit: no payment, no damages, and its award is voided on
 * chain, where the node could claim it otherwise. The task is offered again after a pause while its order allows
 * another attempt; else it ends with a full refund. Said twice, it counts once.
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
      if (award.state === "failed") return;
      requireThisAttempt(task, award, request.awardHash);
      nextState(task.state, "fail");
      task.attempts += 1;
      Object.assign(award, {
        state: "failed",
        endedAt: set.now,
        failure: { reason, message },
        stats: request.stats ?? null,
      } satisfies Partial<AwardRecord>);
      set.putAward(award);
      freeBond(set, award);
      set.damages.push({ awardHash: award.hash, taskId, toRequester: 0n, toFaultPool: 0n });
      const notBefore = nextAttemptAt(task, set.now);
      if (notBefore === null) giveUpIn(set, task, reason, message);
      else pause(set, task, { node, reason }, notBefore);
    },
  });
}

/** A node that holds a task again after it failed it may say once more what became of the attempt before. */
function requireThisAttempt(task: TaskRecord, award: AwardRecord, awardHash: Hash | undefined): void {
  if (awardHash === award.hash) return;
  if (awardHash === undefined && task.attempts + task.retries === 0) return;
  throw new StoaError(
    "not_assigned",
    `the failure is of the award ${awardHash ?? "it does not name"}, the task ${task.id} is under ${award.hash}`,
  );
}

function pause(set: WorkingSet, task: TaskRecord, by: { node: Address; reason: string }, notBefore: number): void {
  task.state = nextState(task.state, "reopen");
  task.awardHash = null;
  task.notBefore = notBefore;
  task.wakeAt = notBefore;
  set.touchTask(task);
  set.emit({
    type: "task.attempt_failed",
    audience: null,
    data: { taskId: task.id, ...by, attempt: task.attempts, notBefore },
  });
  if (notBefore <= set.now) offerAgainIn(set, task);
}
