import { earmarkPosting } from "@stoa/core";
import type { Address, TaskId } from "@stoa/protocol";
import type { WorkingSet } from "../lane/working-set.ts";

/** Sets aside what a task may order in its turn, as it opens. The caller has made sure that there is money for it. */
export function openSubtaskBudget(set: WorkingSet, taskId: TaskId, requester: Address, budget: bigint): void {
  set.post(earmarkPosting(taskId, requester, budget));
  set.defer((tx) =>
    tx.query(
      `insert into subtask_budgets (task_id, requester, budget, open, opened_at)
       values ($1, $2, $3::numeric, true, $4::timestamptz)`,
      [taskId, requester, budget.toString(), new Date(set.now).toISOString()],
    ),
  );
}
