import type { DamagesRecord } from "../records.ts";
import { columnsOf, rowsOf, toColumns, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

const DAMAGES = {
  award_hash: "text",
  task_id: "text",
  to_requester: "bigint",
  to_fault_pool: "bigint",
  state: "text",
  updated_at: "timestamptz",
};

const INSERT = `insert into damages (${columnsOf(DAMAGES)}) select ${columnsOf(DAMAGES)} from ${rowsOf(DAMAGES)}`;

/** Records what failed nodes owe, to be taken on chain. */
export function writeDamages(damages: readonly DamagesRecord[], at: number): Statement[] {
  if (damages.length === 0) return [];
  const rows = damages.map(({ awardHash, taskId, toRequester, toFaultPool }) => ({
    award_hash: awardHash,
    task_id: taskId,
    to_requester: toRequester.toString(),
    to_fault_pool: toFaultPool.toString(),
    state: "pending",
    updated_at: toInstant(at),
  }));
  return [{ text: INSERT, params: toColumns(DAMAGES, rows) }];
}
