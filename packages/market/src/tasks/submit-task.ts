import { available, holdPosting, type Posting } from "@stoa/core";
import {
  encodeTyped,
  hashTyped,
  type Json,
  type Order,
  type Signature,
  StoaError,
  type TaskId,
  type TaskSpec,
} from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Operation } from "../lane/operation.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import type { Reads } from "../reads/open-reads.ts";
import { openSubtaskBudget } from "../subtasks/open-subtask-budget.ts";
import { checkInput } from "./check-input.ts";
import { checkOrder } from "./check-order.ts";
import { checkOrderSignature, type SessionGrantInput } from "./check-order-signature.ts";
import { requireSessionTotal } from "./require-session-total.ts";

export interface SubmitTask {
  order: Order;
  signature: Signature;
  session?: SessionGrantInput | undefined;
  spec: TaskSpec;
  input: Json;
  /** Size of the input's canonical JSON. */
  inputBytes: number;
}

export interface SubmittedTask {
  taskId: TaskId;
  /** False when the same order had opened it before. */
  created: boolean;
}

/**
 * Opens a task for a signed order and sets its maximum price aside. The same order opens one task, however often
 * it is sent.
 * @throws {StoaError} for what is wrong with the order, its signature, its input or the funds behind it
 */
export async function submitTask(context: MarketContext, request: SubmitTask): Promise<SubmittedTask> {
  const { order, spec } = request;
  if (spec.budgetOf !== undefined)
    throw new StoaError(
      "invalid_order",
      `the order says that ${spec.budgetOf} pays for it, and is not ordered under it`,
    );
  if (spec.subtasks && request.session)
    throw new StoaError(
      "session_key_limit",
      "a session key sets no budget for sub-tasks aside: its limits are for what it orders itself; let the wallet sign the order",
    );
  const taskId = hashTyped(context.terms.domain, "Order", order) as TaskId;
  checkOrder(order, spec, context.terms, context.operator.address, context.clock());
  await checkOrderSignature(order, request.signature, request.session, context.terms);
  await checkRevocations(context.reads, order, request.session);
  await checkInput(context.reads, spec, request.input, request.inputBytes);
  return context.lane.run(openTask(taskId, request));
}

/** What an owner took back on chain is refused here at once, although the chain honours it only after its delay. */
export async function checkRevocations(
  reads: Reads,
  order: Order,
  session: SessionGrantInput | undefined,
): Promise<void> {
  if (await reads.isRevoked(order.requester, "order", order.nonce)) {
    throw new StoaError("nonce_used", `the order's nonce ${order.nonce} was cancelled on chain`);
  }
  if (session && (await reads.isRevoked(order.requester, "session", session.key.nonce))) {
    throw new StoaError("session_key_limit", `the session key ${session.key.key} was revoked on chain`);
  }
}

function openTask(taskId: TaskId, request: SubmitTask): Operation<SubmittedTask> {
  const { order, session } = request;
  const nonce = order.nonce.toString();
  const sessionId = session && { key: session.key.key, nonce: session.key.nonce.toString() };
  return {
    name: "submit-task",
    tasks: [taskId],
    nonce: { requester: order.requester, nonce },
    session: sessionId,
    accounts: () => [available(order.requester)],
    decide(set) {
      if (set.findTask(taskId)) return { taskId, created: false };
      const other = set.taskOfNonce(order.requester, nonce);
      if (other) throw new StoaError("nonce_used", `the nonce ${nonce} opened the task ${other}`);
      if (session && sessionId) requireSessionTotal(session.key.maxTotal, set.spentBy(sessionId) + order.maxPrice);
      requireFunds(set, request);
      openIn(set, taskId, request, holdPosting(taskId, order.requester, order.maxPrice));
      if (request.spec.subtasks) openSubtaskBudget(set, taskId, order.requester, BigInt(request.spec.subtasks.budget));
      return { taskId, created: true };
    },
  };
}

/** The maximum price, and what the task may order in its turn. */
function requireFunds(set: WorkingSet, { order, spec }: SubmitTask): void {
  const needed = order.maxPrice + BigInt(spec.subtasks?.budget ?? 0);
  const balance = set.book.balance(available(order.requester));
  if (balance >= needed) return;
  const beside = spec.subtasks ? ` and ${spec.subtasks.budget} for what it may order` : "";
  throw new StoaError(
    "insufficient_funds",
    `the maximum price is ${order.maxPrice}${beside}, the account has ${balance} (smallest units of the token)`,
    { details: { balance: balance.toString(), needed: needed.toString() } },
  );
}

/** Opens a task within a batch, paid by this hold: the caller has made sure that there is money for it. */
export function openIn(set: WorkingSet, taskId: TaskId, request: SubmitTask, hold: Posting): void {
  const { order, spec } = request;
  set.post(hold);
  set.insertTask(newTask(taskId, request, set.now));
  set.emit({
    type: "task.opened",
    audience: null,
    data: {
      taskId,
      capability: spec.capability,
      requester: order.requester,
      maxPrice: order.maxPrice.toString(),
      deliverBy: Number(order.deliverBy) * 1_000,
      ...(spec.auction === "open" ? { auction: "open" as const } : {}),
    },
  });
}

function newTask(taskId: TaskId, request: SubmitTask, now: number): TaskRecord {
  const { order, spec, session } = request;
  const deliverBy = Number(order.deliverBy) * 1_000;
  return {
    id: taskId,
    requester: order.requester,
    capability: spec.capability,
    agentVersion: (spec.agentVersion ?? null) as TaskRecord["agentVersion"],
    order: encodeTyped("Order", order),
    orderSignature: request.signature,
    session: session ? { key: encodeTyped("SessionKey", session.key), signature: session.signature } : null,
    spec,
    inputBytes: request.inputBytes,
    maxPrice: order.maxPrice,
    deliverBy,
    openedAt: now,
    state: "open",
    updatedAt: now,
    wakeAt: deliverBy,
    alarmAt: null,
    version: 1,
    awardHash: null,
    failedNodes: [],
    result: null,
    acceptance: null,
    outcome: null,
    unserved: null,
    attempts: 0,
    retries: 0,
    notBefore: null,
  };
}
