import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";

/** The tasks of these ids, locked for this transaction. */
export async function loadTasks(tx: Queryable, ids: readonly TaskId[]): Promise<TaskRecord[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<TaskRecord>(
    `select id, requester, capability, agent_version as "agentVersion", "order", order_signature as "orderSignature",
            session, spec, input_bytes as "inputBytes", max_price as "maxPrice", deliver_by as "deliverBy",
            opened_at as "openedAt", state, updated_at as "updatedAt", wake_at as "wakeAt", version,
            award_hash as "awardHash", failed_nodes as "failedNodes", result, acceptance, outcome, unserved,
            attempts, retries, not_before as "notBefore"
       from tasks where id = any($1::text[]) order by id for update`,
    [ids],
  );
  return rows;
}
