import type { Address, Hash, TaskId, TaskState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskOutcome } from "../records.ts";

/** A task that is paid from a budget. */
export interface BudgetTaskRow {
  taskId: TaskId;
  step: string | null;
  attempt: number | null;
  capability: string;
  state: TaskState;
  maxPrice: bigint;
  outcome: TaskOutcome | null;
  resultHash: Hash | null;
  /** Of its award, once it has one. */
  node: Address | null;
  price: bigint | null;
  openedAt: number;
  updatedAt: number;
}

/** Every task that was ordered under a budget, in that order. */
export function listBudgetTasks(database: Queryable, budgetOf: Hash): Promise<BudgetTaskRow[]> {
  return database.query<BudgetTaskRow>(
    `select budget_tasks.task_id as "taskId", step, attempt, tasks.capability, tasks.state, max_price as "maxPrice",
            outcome, result ->> 'hash' as "resultHash", awards.node, awards.price, opened_at as "openedAt",
            updated_at as "updatedAt"
       from budget_tasks
       join tasks on tasks.id = budget_tasks.task_id
       left join awards on awards.hash = award_hash
      where budget_of = $1 order by opened_at, attempt, step, budget_tasks.task_id`,
    [budgetOf],
  );
}
