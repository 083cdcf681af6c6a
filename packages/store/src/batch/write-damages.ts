import type { DamagesRecord } from "../records.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

const DAMAGES = {
  award_hash: "word",
  task_id: "word",
  to_requester: "bigint",
  to_fault_pool: "bigint",
  state: "word",
  updated_at: "instant",
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
    updated_at: at,
  }));
  return [{ text: INSERT, params: toColumns(DAMAGES, rows) }];
}
