import {
  decodeTyped,
  DEFAULT_START_SECONDS,
  hashJson,
  IN_THE_CLEAR,
  type Json,
  limits,
  type Order,
  stepNonce,
  taskHash,
  type TaskSpec,
} from "@stoa/protocol";
import type { WorkflowRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";

/**
 * Writes the order of one attempt at a step. Its nonce is the attempt's own, so that two orders of one attempt can never
 * both open a task.
 * @param now epoch milliseconds
 */
export function stepOrder(
  { terms, operator }: Pick<MarketContext, "terms" | "operator">,
  workflow: WorkflowRecord,
  attempt: { step: string; attempt: number; input: Json },
  now: number,
): { order: Order; spec: TaskSpec } {
  const step = workflow.spec.steps[attempt.step]!;
  const spec: TaskSpec = {
    capability: step.capability,
    ...(step.agentVersion === undefined ? {} : { agentVersion: step.agentVersion }),
    inputHash: hashJson(attempt.input),
    startBySeconds: Math.min(DEFAULT_START_SECONDS, Math.ceil(step.deadlineSeconds / 2)),
    verification: { policy: "approval" },
    budgetOf: workflow.id,
  };
  const session = decodeTyped("SessionKey", workflow.session.key);
  const seconds = Math.floor(now / 1_000);
  const latest = seconds + terms.withdrawDelaySeconds - terms.challengeWindowSeconds;
  const order: Order = {
    requester: workflow.requester,
    operator: operator.address,
    token: terms.token,
    taskHash: taskHash(spec),
    maxPrice: BigInt(step.maxPrice),
    feeCapBps: Math.min(terms.feeBps, limits.maxFeeBps),
    royaltyCap: BigInt(step.maxPrice),
    deliverBy: BigInt(seconds + step.deadlineSeconds),
    settleBy: session.expiresAt < BigInt(latest) ? session.expiresAt : BigInt(latest),
    nonce: stepNonce(workflow.id, attempt.step, attempt.attempt),
    resultKey: IN_THE_CLEAR,
  };
  return { order, spec };
}
