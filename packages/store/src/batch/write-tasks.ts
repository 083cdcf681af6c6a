import { StoaError } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";

/** Writes tasks that were not there before. */
export async function insertTasks(tx: Queryable, tasks: readonly TaskRecord[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query(
    `insert into tasks (id, requester, capability, agent_version, "order", order_signature, session, spec, input_bytes,
                        nonce, max_price, deliver_by, opened_at, ${MUTABLE})
     select id, requester, capability, agent_version, "order", order_signature, session, spec, input_bytes,
            nonce, max_price, deliver_by, opened_at, state, updated_at, wake_at, version, award_hash,
            array(select jsonb_array_elements_text(failed_nodes)), result, acceptance, outcome, unserved,
            attempts, retries, not_before
       from json_to_recordset($1::json) as row (id text, requester text, capability text, agent_version text,
            "order" jsonb, order_signature text, session jsonb, spec jsonb, input_bytes integer, nonce text,
            max_price bigint, deliver_by timestamptz, opened_at timestamptz, ${MUTABLE_TYPES})`,
    [
      toRows(
        tasks.map((task) => ({
          id: task.id,
          requester: task.requester,
          capability: task.capability,
          agent_version: task.agentVersion,
          order: task.order,
          order_signature: task.orderSignature,
          session: task.session,
          spec: task.spec,
          input_bytes: task.inputBytes,
          nonce: task.order.nonce,
          max_price: task.maxPrice,
          deliver_by: toInstant(task.deliverBy),
          opened_at: toInstant(task.openedAt),
          ...mutable(task),
        })),
      ),
    ],
  );
}

/**
 * Writes what changed of tasks, each guarded by the version it was read at.
 * @throws {StoaError} `database_unavailable` when another writer came between: the batch is tried again
 */
export async function updateTasks(tx: Queryable, tasks: readonly TaskRecord[]): Promise<void> {
  if (tasks.length === 0) return;
  const written = await tx.query(
    `update tasks set state = row.state, updated_at = row.updated_at, wake_at = row.wake_at, version = row.version,
            award_hash = row.award_hash, failed_nodes = array(select jsonb_array_elements_text(row.failed_nodes)),
            result = row.result, acceptance = row.acceptance, outcome = row.outcome, unserved = row.unserved,
            attempts = row.attempts, retries = row.retries, not_before = row.not_before
       from json_to_recordset($1::json) as row (id text, ${MUTABLE_TYPES})
      where tasks.id = row.id and tasks.version = row.version - 1
     returning tasks.id`,
    [toRows(tasks.map((task) => ({ id: task.id, ...mutable(task) })))],
  );
  if (written.length !== tasks.length) {
    throw new StoaError(
      "database_unavailable",
      `${tasks.length - written.length} of ${tasks.length} tasks were changed by another writer`,
    );
  }
}

const MUTABLE = `state, updated_at, wake_at, version, award_hash, failed_nodes, result, acceptance, outcome, unserved,
            attempts, retries, not_before`;
const MUTABLE_TYPES = `state text, updated_at timestamptz, wake_at timestamptz, version integer, award_hash text,
            failed_nodes jsonb, result jsonb, acceptance jsonb, outcome jsonb, unserved jsonb,
            attempts integer, retries integer, not_before timestamptz`;

function mutable(task: TaskRecord) {
  return {
    state: task.state,
    updated_at: toInstant(task.updatedAt),
    wake_at: toInstant(task.wakeAt),
    version: task.version,
    award_hash: task.awardHash,
    failed_nodes: task.failedNodes,
    result: task.result,
    acceptance: task.acceptance,
    outcome: task.outcome,
    unserved: task.unserved,
    attempts: task.attempts,
    retries: task.retries,
    not_before: toInstant(task.notBefore),
  };
}
