import { held } from "@stoa/core";
import {
  decodeTyped,
  encodeTyped,
  type HoldReceipt,
  type MarketMessages,
  type Signature,
  signTyped,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import { loadAwards, loadBalances, type TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";

/** What a node needs to work, but for the input itself. */
export type Assignment = Omit<MarketMessages["assignment"], "input">;

type AssignedTask = Pick<
  TaskRecord,
  "state" | "requester" | "order" | "orderSignature" | "session" | "spec" | "deliverBy" | "awardHash"
>;

/**
 * Puts together what the awarded node is sent, with the operator's receipt that the order is covered.
 * @returns null when the task has no award to work on any more
 */
export async function assignmentOf(context: MarketContext, taskId: TaskId): Promise<Assignment | null> {
  const { database } = context;
  const [task] = await database.query<AssignedTask>(
    `select state, requester, "order", order_signature as "orderSignature", session, spec, deliver_by as "deliverBy",
            award_hash as "awardHash"
       from tasks join orders on task_id = id where id = $1`,
    [taskId],
  );
  if (!task) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (!task.awardHash || (task.state !== "awarded" && task.state !== "running")) return null;
  const [award] = await loadAwards(database, [task.awardHash]);
  if (!award) throw new StoaError("internal", `the task ${taskId} names an award that is not there`);
  const hold = await signHold(context, taskId, task);
  return {
    type: "assignment",
    taskId,
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
  taskId: TaskId,
  task: AssignedTask,
): Promise<{ receipt: HoldReceipt; signature: Signature }> {
  const [balance] = await loadBalances(context.database, [held(task.requester)]);
  const receipt: HoldReceipt = {
    requester: task.requester,
    token: decodeTyped("Order", task.order).token,
    orderHash: taskId,
    cumulativeHeld: balance?.[1] ?? 0n,
  };
  return { receipt, signature: await signTyped(context.operator, context.terms.domain, "HoldReceipt", receipt) };
}
