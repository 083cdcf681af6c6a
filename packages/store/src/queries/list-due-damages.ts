import type { Address, Hash, RoundId, Signature, TaskId, WireTyped } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** What a failed node owes, with all that the vault asks to see but the node's bid. */
export interface DueDamages {
  awardHash: Hash;
  taskId: TaskId;
  toRequester: bigint;
  toFaultPool: bigint;
  provider: Address;
  order: WireTyped<"Order">;
  award: WireTyped<"Award">;
  nodeSignature: Signature | null;
  roundId: RoundId;
  node: Address;
}

/**
 * Damages to be taken on chain: what waits, then what was sent or refused before an instant, the oldest first.
 * @param request.againBefore epoch milliseconds, of what was sent
 * @param request.refusedBefore of what the vault refused; of tasks due after `dueAfter`, and while nothing else is confirmed
 */
export function listDueDamages(
  database: Queryable,
  request: { againBefore: number; refusedBefore: number; dueAfter: number; limit: number },
): Promise<DueDamages[]> {
  const { againBefore, refusedBefore, dueAfter, limit } = request;
  const instants = [againBefore, refusedBefore, dueAfter].map((ms) => new Date(ms).toISOString());
  return database.query<DueDamages>(TEXT, [...instants, limit]);
}

/** Each state's own branch reads its index in order, and stops at the limit. */
const due = (state: string, where: string) => `
  (select damages.award_hash as "awardHash", damages.task_id as "taskId", damages.to_requester as "toRequester",
          damages.to_fault_pool as "toFaultPool", awards.provider, orders."order", awards.terms as award,
          awards.node_signature as "nodeSignature", awards.round_id as "roundId", awards.node
     from damages
     join awards on awards.hash = damages.award_hash
     join tasks on tasks.id = damages.task_id
     join orders on orders.task_id = damages.task_id
    where damages.state = '${state}' ${where}
    order by damages.updated_at limit $4)`;

const REFUSED = `and damages.updated_at < $2::timestamptz and tasks.deliver_by > $3::timestamptz
    and not exists (select 1 from settlements where task_id = damages.task_id and settlements.state = 'confirmed')`;
const TEXT =
  [due("pending", ""), due("submitted", "and damages.updated_at < $1::timestamptz"), due("skipped", REFUSED)].join(
    " union all ",
  ) + " limit $4";
