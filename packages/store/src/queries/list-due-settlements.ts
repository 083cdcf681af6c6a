import type { Address, Hash, RoundId, Signature, TaskId, WireTyped } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { WireSession } from "../records.ts";

/** A task's order to be paid or claimed on chain, with all that the vault asks to see but the node's bid. */
export interface DueSettlement {
  taskId: TaskId;
  roundId: RoundId;
  node: Address;
  kind: "settle" | "claim";
  order: WireTyped<"Order">;
  orderSignature: Signature;
  session: WireSession | null;
  award: WireTyped<"Award">;
  nodeSignature: Signature;
  operatorSignature: Signature;
  agentVersion: Hash;
  result: { hash: Hash; receiptSignature: Signature };
  acceptance: { signature: Signature } | null;
  charge: string;
}

/**
 * What must be sent to the vault: what waits, then what was sent or refused before an instant, the oldest first.
 *
 * An acceptance names the result and the price, not the node: it is shown to the chain only once the awards of the nodes
 * that had failed the task are void there.
 * @param request.againBefore epoch milliseconds
 * @param request.hurriedBy what waits is left alone when its task is due after this, epoch milliseconds; absent: nothing is
 * @param request.dueAfter what was refused is left alone when its task was due before this, epoch milliseconds
 */
export function listDueSettlements(
  database: Queryable,
  request: {
    kind: DueSettlement["kind"];
    againBefore: number;
    hurriedBy?: number;
    dueAfter: number;
    feeBps: number;
    limit: number;
  },
): Promise<DueSettlement[]> {
  const { kind, againBefore, hurriedBy, dueAfter, feeBps, limit } = request;
  const [before, after] = [againBefore, dueAfter].map((ms) => new Date(ms).toISOString());
  const hurried = hurriedBy === undefined ? "infinity" : new Date(hurriedBy).toISOString();
  return database.query<DueSettlement>(TEXT, [kind, before, feeBps, limit, after, hurried]);
}

/** Each state's own branch reads its index in order, and stops at the limit. */
const due = (state: string, where: string) => `
  (select settlements.task_id as "taskId", settlements.kind, orders."order",
          orders.order_signature as "orderSignature", orders.session, awards.terms as award, awards.node_signature as "nodeSignature",
          awards.operator_signature as "operatorSignature", awards.agent_version as "agentVersion", tasks.result,
          tasks.acceptance, (awards.price + div(awards.price::numeric * $3::int, 10000))::text as charge,
          awards.round_id as "roundId", awards.node
     from settlements
     join tasks on tasks.id = settlements.task_id
     join orders on orders.task_id = settlements.task_id
     join awards on awards.hash = tasks.award_hash
    where settlements.kind = $1 and settlements.state = '${state}' ${where}
      and not exists (select 1 from damages where damages.task_id = tasks.id and damages.state in ('pending', 'submitted'))
    order by settlements.updated_at limit $4)`;

const BEFORE = "and settlements.updated_at < $2::timestamptz";
const TEXT = `${due("pending", "and tasks.deliver_by <= $6::timestamptz")} union all ${due("submitted", BEFORE)} union all ${due("skipped", `${BEFORE} and tasks.deliver_by > $5::timestamptz`)} limit $4`;
