import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { WorkflowRecord, WorkflowStepRecord } from "../workflow-records.ts";

/** A workflow whole, without its steps. */
export async function findWorkflow(database: Queryable, id: Hash): Promise<WorkflowRecord | undefined> {
  const [row] = await database.query<WorkflowRecord>(
    `select id, requester, spec, input_hash as "inputHash", salt, session, budget, opened_at as "openedAt", state,
            cancelled, failure, due, version, updated_at as "updatedAt", ended_at as "endedAt"
       from workflows where id = $1`,
    [id],
  );
  return row;
}

/** The steps of a workflow. */
export function listWorkflowSteps(database: Queryable, id: Hash): Promise<WorkflowStepRecord[]> {
  return database.query<WorkflowStepRecord>(
    `select workflow_id as "workflowId", step, state, attempt, task_id as "taskId", failure, updated_at as "updatedAt"
       from workflow_steps where workflow_id = $1 order by step`,
    [id],
  );
}

/** The ids of at most two workflows that start with these lower-case hex digits. */
export async function findWorkflowIds(database: Queryable, prefix: string): Promise<Hash[]> {
  const rows = await database.query<{ id: Hash }>(
    "select id from workflows where id >= $1 and id < $1 || 'g' order by id limit 2",
    [prefix],
  );
  return rows.map(({ id }) => id);
}
