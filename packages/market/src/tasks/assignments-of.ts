import {
  decodeTyped,
  encodeTyped,
  type HoldReceipt,
  type MarketMessages,
  type Signature,
  signTyped,
  type TaskId,
} from "@stoa/protocol";
import { type AwardRecord, loadAwards, sumSetAside, type TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";

/** What a node needs to work, but for the input itself. */
export type Assignment = Omit<MarketMessages["assignment"], "input">;

type AssignedTask = Pick<
  TaskRecord,
  "id" | "state" | "requester" | "order" | "orderSignature" | "session" | "spec" | "deliverBy" | "awardHash"
>;

/**
 * Puts together what awarded nodes are sent, each with the operator's receipt that its order is covered.
 * @returns in any order; a task that has no award to work on any more is missing
 */
export async function assignmentsOf(context: MarketContext, taskIds: readonly TaskId[]): Promise<Assignment[]> {
  const { database } = context;
  const tasks = await database.query<AssignedTask>(
    `select id, state, requester, "order", order_signature as "orderSignature", session, spec,
            deliver_by as "deliverBy", award_hash as "awardHash"
       from tasks join orders on orders.task_id = id where id = any($1::text[]) and state in ('awarded', 'running')`,
    [taskIds],
  );
  const awards = await loadAwards(
    database,
    tasks.flatMap(({ awardHash }) => awardHash ?? []),
  );
  const awardOf = new Map(awards.map((award) => [award.hash, award]));
  const setAside = await sumSetAside(database, [...new Set(tasks.map(({ requester }) => requester))]);
  const assignments: Assignment[] = [];
  for (const task of tasks) {
    const award = task.awardHash && awardOf.get(task.awardHash);
    if (award) assignments.push(await assign(context, task, award, setAside.get(task.requester) ?? 0n));
  }
  return assignments;
}

async function assign(
  context: MarketContext,
  task: AssignedTask,
  award: AwardRecord,
  cumulativeHeld: bigint,
): Promise<Assignment> {
  const hold = await signHold(context, task, cumulativeHeld);
  return {
    type: "assignment",
    taskId: task.id,
    roundId: award.roundId,
    agentVersion: award.agentVersion,
    award: award.terms,
    operatorSignature: award.operatorSignature,
    order: task.order,
    orderSignature: task.orderSignature,
    ...(task.session ? { session: task.session } : {}),
    spec: task.spec,
    holdReceipt: encodeTyped("HoldReceipt", hold.receipt),
    holdSignature: hold.signature,
    startByMs: award.startBy,
    deliverByMs: task.deliverBy,
  };
}

async function signHold(
  context: MarketContext,
  task: AssignedTask,
  cumulativeHeld: bigint,
): Promise<{ receipt: HoldReceipt; signature: Signature }> {
  const receipt: HoldReceipt = {
    requester: task.requester,
    token: decodeTyped("Order", task.order).token,
    orderHash: task.id,
    cumulativeHeld,
  };
  return { receipt, signature: await signTyped(context.operator, context.terms.domain, "HoldReceipt", receipt) };
}
