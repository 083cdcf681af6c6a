import {
  decodeTyped,
  DEFAULT_START_SECONDS,
  type Hash,
  hashJson,
  IN_THE_CLEAR,
  hashTyped,
  type Order,
  type SessionGrant,
  subtaskNonce,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";
import { GrantRefusal, type TaskCall } from "@stoa/sandbox";
import type { Assignment } from "../journal.ts";
import type { Terms } from "../terms.ts";

export interface SubtaskCall {
  assignment: Assignment;
  awardHash: Hash;
  /** Which call of the execution it is, from 1. */
  number: number;
  call: TaskCall;
  grant: SessionGrant;
  node: Pick<Terms, "domain" | "operator" | "token">;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Writes the order of a running agent's call. It is due before the task it is for, and can be settled for as long as that
 * one: the grant lasts until then. What does not change when the agent is run again stands in the specification.
 * @throws {GrantRefusal} when there is no time left for it
 */
export function subtaskOrder({ assignment, awardHash, number, call, grant, node, now }: SubtaskCall): {
  order: { message: Order; hash: Hash };
  spec: TaskSpec;
} {
  const spec: TaskSpec = {
    capability: call.capability,
    inputHash: hashJson(call.input),
    startBySeconds: Math.min(DEFAULT_START_SECONDS, Math.max(1, Math.floor(call.timeoutMs / 2_000))),
    verification: { policy: "approval" },
    budgetOf: assignment.taskId,
  };
  const parent = decodeTyped("Order", assignment.order);
  const session = decodeTyped("SessionKey", grant.key);
  const wanted = BigInt(Math.floor((now + call.timeoutMs) / 1_000));
  const deliverBy = wanted < parent.deliverBy ? wanted : parent.deliverBy;
  if (deliverBy <= BigInt(Math.floor(now / 1_000)))
    throw new GrantRefusal("the task itself is due before a sub-task could be done");
  const message: Order = {
    requester: parent.requester,
    operator: node.operator,
    token: node.token,
    taskHash: taskHash(spec),
    maxPrice: call.maxPrice,
    feeCapBps: parent.feeCapBps,
    royaltyCap: call.maxPrice,
    deliverBy,
    settleBy: session.expiresAt < parent.settleBy ? session.expiresAt : parent.settleBy,
    nonce: subtaskNonce(assignment.taskId, awardHash, number),
    resultKey: IN_THE_CLEAR,
  };
  return { order: { message, hash: hashTyped(node.domain, "Order", message) }, spec };
}
