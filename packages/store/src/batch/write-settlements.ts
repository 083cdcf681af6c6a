import type { SettlementRecord } from "../records.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

const SETTLEMENT = {
  task_id: "word",
  kind: "word",
  state: "word",
  tx_hash: "word",
  reason: "text",
  payable_at: "instant",
  updated_at: "instant",
};

const INSERT = `insert into settlements (${columnsOf(SETTLEMENT)}) select ${columnsOf(SETTLEMENT)} from ${rowsOf(SETTLEMENT)}`;

const UPDATE = `update settlements set kind = row.kind, state = row.state, tx_hash = row.tx_hash, reason = row.reason,
        payable_at = row.payable_at, updated_at = row.updated_at
   from ${rowsOf(SETTLEMENT)} where settlements.task_id = row.task_id`;

/** Writes what stands of tasks' settlement on chain where nothing stood before. */
export function insertSettlements(settlements: readonly SettlementRecord[]): Statement[] {
  return write(INSERT, settlements);
}

/** Writes what changed of tasks' settlement on chain. */
export function updateSettlements(settlements: readonly SettlementRecord[]): Statement[] {
  return write(UPDATE, settlements);
}

function write(text: string, settlements: readonly SettlementRecord[]): Statement[] {
  if (settlements.length === 0) return [];
  const rows = settlements.map((settlement) => ({
    task_id: settlement.taskId,
    kind: settlement.kind,
    state: settlement.state,
    tx_hash: settlement.txHash,
    reason: settlement.reason,
    payable_at: settlement.payableAt,
    updated_at: settlement.updatedAt,
  }));
  return [{ text, params: toColumns(SETTLEMENT, rows) }];
}
