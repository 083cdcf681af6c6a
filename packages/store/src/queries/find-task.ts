import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";

/** A task whole, without locking it. */
export async function findTask(database: Queryable, id: TaskId): Promise<TaskRecord | undefined> {
  const [row] = await database.query<TaskRecord>(
    `select id, requester, capability, agent_version as "agentVersion", "order", order_signature as "orderSignature",
            session, spec, input_bytes as "inputBytes", max_price as "maxPrice", deliver_by as "deliverBy",
            opened_at as "openedAt", state, updated_at as "updatedAt", wake_at as "wakeAt", version,
            award_hash as "awardHash", failed_nodes as "failedNodes", result, acceptance, outcome, unserved,
            attempts, retries, not_before as "notBefore"
       from tasks where id = $1`,
    [id],
  );
  return row;
}
