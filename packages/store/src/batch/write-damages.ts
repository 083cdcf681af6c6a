import type { DamagesRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Records what failed nodes owe, to be taken on chain. */
export function writeDamages(damages: readonly DamagesRecord[], at: number): Statement[] {
  if (damages.length === 0) return [];
  return [
    {
      text: `insert into damages (award_hash, task_id, to_requester, to_fault_pool, state, updated_at)
     select award_hash, task_id, to_requester, to_fault_pool, 'pending', updated_at
       from json_to_recordset($1::json) as row (award_hash text, task_id text, to_requester bigint,
            to_fault_pool bigint, updated_at timestamptz)`,
      params: [
        toRows(
          damages.map(({ awardHash, taskId, toRequester, toFaultPool }) => ({
            award_hash: awardHash,
            task_id: taskId,
            to_requester: toRequester.toString(),
            to_fault_pool: toFaultPool.toString(),
            updated_at: toInstant(at),
          })),
        ),
      ],
    },
  ];
}
