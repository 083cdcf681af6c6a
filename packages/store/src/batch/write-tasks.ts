import { StoaError } from "@stoa/protocol";
import type { TaskRecord } from "../records.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** What a step of a task can change. */
const MUTABLE = {
  state: "word",
  updated_at: "instant",
  wake_at: "instant",
  alarm_at: "instant",
  version: "integer",
  award_hash: "word",
  // The text form of an array: there are no arrays of arrays of different lengths.
  failed_nodes: "text",
  result: "json",
  acceptance: "json",
  outcome: "json",
  unserved: "jsonb",
  attempts: "integer",
  retries: "integer",
  not_before: "instant",
};

const TASK = {
  id: "word",
  requester: "word",
  capability: "word",
  agent_version: "word",
  input_bytes: "integer",
  nonce: "word",
  max_price: "bigint",
  deliver_by: "instant",
  opened_at: "instant",
  ...MUTABLE,
};

const ORDER = { task_id: "word", order: "json", order_signature: "word", session: "jsonb", spec: "json" };

const CHANGE = { id: "word", ...MUTABLE };

const INSERT_TASKS = `insert into tasks (${columnsOf(TASK)})
 select ${columnsOf(TASK).replace('"failed_nodes"', "failed_nodes::text[]")} from ${rowsOf(TASK)}`;

const INSERT_ORDERS = `insert into orders (${columnsOf(ORDER)}) select ${columnsOf(ORDER)} from ${rowsOf(ORDER)}`;

const SET = Object.keys(MUTABLE)
  .map((name) => `${name} = row.${name}${name === "failed_nodes" ? "::text[]" : ""}`)
  .join(", ");

const UPDATE_TASKS = `with written as (
   update tasks set ${SET} from ${rowsOf(CHANGE)}
    where tasks.id = row.id and tasks.version = row.version - 1
   returning 1
 )
 select count(*) as written from written`;

/** Writes tasks that were not there before, and the orders that opened them. */
export function insertTasks(tasks: readonly TaskRecord[]): Statement[] {
  if (tasks.length === 0) return [];
  const taskRows = tasks.map((task) => ({
    id: task.id,
    requester: task.requester,
    capability: task.capability,
    agent_version: task.agentVersion,
    input_bytes: task.inputBytes,
    nonce: task.order.nonce,
    max_price: task.maxPrice.toString(),
    deliver_by: task.deliverBy,
    opened_at: task.openedAt,
    ...mutable(task),
  }));
  const orderRows = tasks.map((task) => ({
    task_id: task.id,
    order: task.order,
    order_signature: task.orderSignature,
    session: task.session,
    spec: task.spec,
  }));
  return [
    { text: INSERT_TASKS, params: toColumns(TASK, taskRows) },
    { text: INSERT_ORDERS, params: toColumns(ORDER, orderRows) },
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
      text: UPDATE_TASKS,
      params: toColumns(
        CHANGE,
        tasks.map((task) => ({ id: task.id, ...mutable(task) })),
      ),
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

function mutable(task: TaskRecord) {
  return {
    state: task.state,
    updated_at: task.updatedAt,
    wake_at: task.wakeAt,
    alarm_at: task.alarmAt,
    version: task.version,
    award_hash: task.awardHash,
    failed_nodes: `{${task.failedNodes.join(",")}}`,
    result: task.result,
    acceptance: task.acceptance,
    outcome: task.outcome,
    unserved: task.unserved,
    attempts: task.attempts,
    retries: task.retries,
    not_before: task.notBefore,
  };
}
