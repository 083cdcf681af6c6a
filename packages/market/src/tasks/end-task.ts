import { available, bonded, earmarked, held, type LedgerAccount, releasePosting, unbondPosting } from "@stoa/core";
import type { AwardRecord, TaskRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";

/** The accounts that ending a task may take from. */
export function accountsOfTask(set: WorkingSet, task: TaskRecord | undefined): LedgerAccount[] {
  if (!task) return [];
  const award = task.awardHash ? set.award(task.awardHash) : undefined;
  return [held(task.requester), ...(award ? [bonded(award)] : [])];
}

/**
 * Where what is left of a task's hold goes: back to the budget it came from, open or not. What comes back to a budget
 * that is closed is freed by whoever keeps it.
 */
export function refundAccount({ requester, spec }: Pick<TaskRecord, "requester" | "spec">): LedgerAccount {
  return spec.budgetOf === undefined ? available(requester) : earmarked(requester, spec.budgetOf);
}

/** Frees the bond of an award that ended well, or through no fault of its node's. */
export function freeBond(
  set: WorkingSet,
  award: Pick<AwardRecord, "taskId" | "hash" | "provider" | "node" | "bond">,
): void {
  if (award.bond > 0n) set.post(unbondPosting(award.taskId, award.hash, award, award.bond));
}

/** Ends a task unpaid: its hold goes back whole. The caller has moved its state and tells the event. */
export function releaseTask(set: WorkingSet, task: TaskRecord, reason: string, message: string): void {
  set.post(releasePosting(task.id, task.requester, task.maxPrice, refundAccount(task), task.retries));
  task.outcome = { kind: "unpaid", reason, message };
  task.wakeAt = null;
  task.notBefore = null;
  set.touchTask(task);
}
