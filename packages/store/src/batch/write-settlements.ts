import type { SettlementRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Writes what stands of tasks' settlement on chain. */
export function writeSettlements(settlements: readonly SettlementRecord[]): Statement[] {
  if (settlements.length === 0) return [];
  return [
    {
      text: `insert into settlements (task_id, kind, state, tx_hash, reason, payable_at, updated_at)
     select task_id, kind, state, tx_hash, reason, payable_at, updated_at
       from json_to_recordset($1::json) as row (task_id text, kind text, state text, tx_hash text, reason text,
            payable_at timestamptz, updated_at timestamptz)
     on conflict (task_id) do update set kind = excluded.kind, state = excluded.state, tx_hash = excluded.tx_hash,
            reason = excluded.reason, payable_at = excluded.payable_at, updated_at = excluded.updated_at`,
      params: [
        toRows(
          settlements.map((settlement) => ({
            task_id: settlement.taskId,
            kind: settlement.kind,
            state: settlement.state,
            tx_hash: settlement.txHash,
            reason: settlement.reason,
            payable_at: toInstant(settlement.payableAt),
            updated_at: toInstant(settlement.updatedAt),
          })),
        ),
      ],
    },
  ];
}
