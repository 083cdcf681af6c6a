import { StoaError } from "@stoa/protocol";
import type { TaskRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Writes tasks that were not there before, and the orders that opened them. */
export function insertTasks(tasks: readonly TaskRecord[]): Statement[] {
  if (tasks.length === 0) return [];
  return [
    {
      text: `insert into tasks (id, requester, capability, agent_version, input_bytes, nonce, max_price, deliver_by,
                                opened_at, ${MUTABLE})
             select id, requester, capability, agent_version, input_bytes, nonce, max_price, deliver_by,
                    opened_at, state, updated_at, wake_at, alarm_at, version, award_hash,
                    ${FAILED_NODES}, result, acceptance, outcome, unserved
               from json_to_recordset($1::json) as row (id text, requester text, capability text, agent_version text,
                    input_bytes integer, nonce text, max_price bigint, deliver_by timestamptz, opened_at timestamptz,
                    ${MUTABLE_TYPES})`,
      params: [
        toRows(
          tasks.map((task) => ({
            id: task.id,
            requester: task.requester,
            capability: task.capability,
            agent_version: task.agentVersion,
            input_bytes: task.inputBytes,
            nonce: task.order.nonce,
            max_price: task.maxPrice.toString(),
            deliver_by: toInstant(task.deliverBy),
            opened_at: toInstant(task.openedAt),
            ...mutable(task),
          })),
        ),
      ],
    },
    {
      text: `insert into orders (task_id, "order", order_signature, session, spec)
             select task_id, "order", order_signature, session, spec
               from json_to_recordset($1::json) as row (task_id text, "order" json, order_signature text, session jsonb,
                    spec json)`,
      params: [
        toRows(
          tasks.map((task) => ({
            task_id: task.id,
            order: task.order,
            order_signature: task.orderSignature,
            session: task.session,
            spec: task.spec,
          })),
        ),
      ],
    },
  ];
}

/**
 * Writes what changed of tasks, each guarded by the version it was read at.
 * @throws {StoaError} `database_unavailable` when another writer came between: the batch is tried again
 */
export function updateTasks(tasks: readonly TaskRecord[]): Statement[] {
  if (tasks.length === 0) return [];
  return [
    {
      text: `with written as (
               update tasks set state = row.state, updated_at = row.updated_at, wake_at = row.wake_at,
                      alarm_at = row.alarm_at, version = row.version, award_hash = row.award_hash,
                      failed_nodes = ${FAILED_NODES}, result = row.result, acceptance = row.acceptance,
                      outcome = row.outcome, unserved = row.unserved
                 from json_to_recordset($1::json) as row (id text, ${MUTABLE_TYPES})
                where tasks.id = row.id and tasks.version = row.version - 1
               returning 1
             )
             select count(*) as written from written`,
      params: [toRows(tasks.map((task) => ({ id: task.id, ...mutable(task) })))],
      check([row]) {
        const written = Number(row?.["written"]);
        if (written !== tasks.length) {
          throw new StoaError(
            "database_unavailable",
            `${tasks.length - written} of ${tasks.length} tasks were changed by another writer`,
          );
        }
      },
    },
  ];
}

const MUTABLE = `state, updated_at, wake_at, alarm_at, version, award_hash, failed_nodes, result, acceptance, outcome,
            unserved`;
const MUTABLE_TYPES = `state text, updated_at timestamptz, wake_at timestamptz, alarm_at timestamptz, version integer,
            award_hash text, failed_nodes text, result jsonb, acceptance jsonb, outcome jsonb, unserved jsonb`;
/** An array's text form, which needs no subquery for each row as a JSON array would. */
const FAILED_NODES = "row.failed_nodes::text[]";

function mutable(task: TaskRecord) {
  return {
    state: task.state,
    updated_at: toInstant(task.updatedAt),
    wake_at: toInstant(task.wakeAt),
    alarm_at: toInstant(task.alarmAt),
    version: task.version,
    award_hash: task.awardHash,
    failed_nodes: `{${task.failedNodes.join(",")}}`,
    result: task.result,
    acceptance: task.acceptance,
    outcome: task.outcome,
    unserved: task.unserved,
  };
}
