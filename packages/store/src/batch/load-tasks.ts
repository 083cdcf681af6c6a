import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";

/** The tasks of these ids. Who changes them is held to the version read here. */
export async function loadTasks(tx: Queryable, ids: readonly TaskId[]): Promise<TaskRecord[]> {
  if (ids.length === 0) return [];
  return tx.query<TaskRecord>(`${WHOLE_TASK} where id = any($1::text[])`, [ids]);
}

/** Every column of a task and its order, under the names of {@link TaskRecord}. */
const WHOLE_TASK = `select id, requester, capability, agent_version as "agentVersion", "order",
            order_signature as "orderSignature", session, spec, input_bytes as "inputBytes", max_price as "maxPrice",
            deliver_by as "deliverBy", opened_at as "openedAt", state, updated_at as "updatedAt", wake_at as "wakeAt",
            alarm_at as "alarmAt", version, award_hash as "awardHash", failed_nodes as "failedNodes", result, acceptance,
            outcome, unserved, attempts, retries, not_before as "notBefore"
       from tasks join orders on orders.task_id = tasks.id`;
