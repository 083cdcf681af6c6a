import type { Hash, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { WorkflowRecord, WorkflowStepRecord } from "../workflow-records.ts";
import { columnsOf, rowsOf, toColumns, toInstant } from "./rows.ts";

const STEP = {
  workflow_id: "word",
  step: "text",
  state: "word",
  attempt: "integer",
  task_id: "word",
  failure: "jsonb",
  updated_at: "instant",
};

/** Writes a workflow that was not there before, with all its steps. */
export async function insertWorkflow(
  tx: Queryable,
  workflow: WorkflowRecord,
  steps: readonly WorkflowStepRecord[],
): Promise<void> {
  await tx.query(
    `insert into workflows (id, requester, state, spec, input_hash, salt, session, budget, cancelled, failure, due,
                            version, opened_at, updated_at, ended_at)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7::jsonb, $8::numeric, $9, $10::jsonb, $11, $12, $13::timestamptz,
             $14::timestamptz, $15::timestamptz)`,
    [
      workflow.id,
      workflow.requester,
      workflow.state,
      JSON.stringify(workflow.spec),
      workflow.inputHash,
      workflow.salt,
      JSON.stringify(workflow.session),
      workflow.budget.toString(),
      workflow.cancelled,
      workflow.failure && JSON.stringify(workflow.failure),
      workflow.due,
      workflow.version,
      toInstant(workflow.openedAt),
      toInstant(workflow.updatedAt),
      toInstant(workflow.endedAt),
    ],
  );
  await tx.query(
    `insert into workflow_steps (${columnsOf(STEP)}) select ${columnsOf(STEP)} from ${rowsOf(STEP)}`,
    toStepRows(steps),
  );
}

/** Writes what changed of a workflow, and these steps of it. */
export async function updateWorkflow(
  tx: Queryable,
  workflow: WorkflowRecord,
  steps: readonly WorkflowStepRecord[],
): Promise<void> {
  await tx.query(
    `update workflows set state = $2, cancelled = $3, failure = $4::jsonb, due = $5, version = $6,
            updated_at = $7::timestamptz, ended_at = $8::timestamptz
      where id = $1`,
    [
      workflow.id,
      workflow.state,
      workflow.cancelled,
      workflow.failure && JSON.stringify(workflow.failure),
      workflow.due,
      workflow.version,
      toInstant(workflow.updatedAt),
      toInstant(workflow.endedAt),
    ],
  );
  if (steps.length === 0) return;
  await tx.query(
    `update workflow_steps set state = row.state, attempt = row.attempt, task_id = row.task_id, failure = row.failure,
            updated_at = row.updated_at
       from ${rowsOf(STEP)}
      where workflow_steps.workflow_id = row.workflow_id and workflow_steps.step = row.step`,
    toStepRows(steps),
  );
}

function toStepRows(steps: readonly WorkflowStepRecord[]): string[] {
  return toColumns(
    STEP,
    steps.map(({ workflowId, step, state, attempt, taskId, failure, updatedAt }) => ({
      workflow_id: workflowId,
      step,
      state,
      attempt,
      task_id: taskId,
      failure,
      updated_at: updatedAt,
    })),
  );
}

/** Says that a task is paid from a budget. */
export async function insertBudgetTask(
  tx: Queryable,
  link: { taskId: TaskId; budgetOf: Hash; step: string | null; attempt: number | null },
): Promise<void> {
  await tx.query("insert into budget_tasks (task_id, budget_of, step, attempt) values ($1, $2, $3, $4)", [
    link.taskId,
    link.budgetOf,
    link.step,
    link.attempt,
  ]);
}
