import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { SettlementRecord } from "../records.ts";

/** What stands of these tasks' settlement on chain. */
export async function loadSettlements(tx: Queryable, taskIds: readonly TaskId[]): Promise<SettlementRecord[]> {
  if (taskIds.length === 0) return [];
  return tx.query<SettlementRecord>(
    `select task_id as "taskId", kind, state, tx_hash as "txHash", reason, payable_at as "payableAt",
            updated_at as "updatedAt"
       from settlements where task_id = any($1::text[])`,
    [taskIds],
  );
}
