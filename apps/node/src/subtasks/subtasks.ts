import type { MarketLink } from "@stoa/network";
import {
  decodeTyped,
  encodeTyped,
  type Hash,
  type MarketMessages,
  type SessionGrant,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import { GrantRefusal, type RunTask, type TaskCall } from "@stoa/sandbox";
import type { Logger } from "pino";
import type { Undertaken } from "../journal.ts";
import type { Terms } from "../terms.ts";
import { checkSubtask } from "./check-subtask.ts";
import { subtaskOrder } from "./subtask-order.ts";

export interface SubtasksRoom {
  terms: Terms;
  link(): MarketLink;
  now(): number;
  log: Logger;
}

/** What one execution orders with. */
export interface Ordering extends Disposable {
  runTask: RunTask;
  /** What was done for it so far, and what that cost its requester. */
  spent(): { done: number; charged: string };
}

type SubtaskMessage = MarketMessages["subtask.opened" | "subtask.rejected" | "subtask.delivered" | "subtask.ended"];

/** Orders what running agents ask for, with the node's key under their requesters' grants. */
export interface Subtasks {
  /** Undefined when the task has no budget for sub-tasks. */
  openFor(undertaken: Undertaken): Ordering | undefined;
  granted(message: MarketMessages["subtasks.granted"]): void;
  /** Takes what the market says of an order; what nobody waits for is ignored. */
  told(message: SubtaskMessage): void;
}

type Ended = MarketMessages["subtask.delivered" | "subtask.ended" | "subtask.rejected"];

interface Waiting {
  nonce: string;
  orderHash: Hash;
  /** The market's name for it, once it has one. */
  taskId: Hash | null;
  over: PromiseWithResolvers<Ended>;
}

/*
 *   asked ──the requester's grant is there──▶ ordered ──▶ opened ──▶ delivered, accepted │ ended
 *     └─ no grant in time ─▶ refused             └─▶ rejected
 */
export function createSubtasks(room: SubtasksRoom): Subtasks {
  const { terms, log } = room;
  const grants = new Map<Hash, SessionGrant>();
  const wanted = new Map<Hash, PromiseWithResolvers<SessionGrant>>();
  const waiting = new Set<Waiting>();

  function grantOf(taskId: Hash): Promise<SessionGrant> {
    const grant = grants.get(taskId);
    if (grant) return Promise.resolve(grant);
    const asked = wanted.get(taskId) ?? Promise.withResolvers<SessionGrant>();
    wanted.set(taskId, asked);
    return asked.promise;
  }

  async function order({ assignment, awardHash }: Undertaken, number: number, call: TaskCall, signal: AbortSignal) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs)]);
    const grant = await within(grantOf(assignment.taskId), deadline, "the task's requester has not let its node order");
    const { order, spec } = subtaskOrder({ assignment, awardHash, number, call, grant, node: terms, now: room.now() });
    const signed = await signTyped(terms.signer, terms.domain, "Order", order.message);
    const one: Waiting = {
      nonce: order.message.nonce.toString(),
      orderHash: order.hash,
      taskId: null,
      over: Promise.withResolvers<Ended>(),
    };
    waiting.add(one);
    try {
      await room.link().send({
        type: "subtask",
        parentId: assignment.taskId,
        order: encodeTyped("Order", order.message),
        signature: signed,
        spec,
        input: call.input,
      });
      const ended = await within(
        one.over.promise,
        deadline,
        `nobody did ${call.capability} within ${call.timeoutMs} ms`,
      );
      return await finish(ended, call);
    } finally {
      waiting.delete(one);
    }
  }

  /** Accepts a result that checks out; the agent is told of everything else. */
  async function finish(ended: Ended, call: TaskCall) {
    if (ended.type === "subtask.rejected") throw new GrantRefusal(`${ended.code}: ${ended.message}`);
    if (ended.type === "subtask.ended") throw new GrantRefusal(`the sub-task is ${ended.state}: ${ended.message}`);
    try {
      await checkSubtask(terms, ended, call);
    } catch (error) {
      if (!(error instanceof StoaError)) throw error;
      log.warn({ err: error, taskId: ended.taskId }, "a sub-task's result is not accepted");
      throw new GrantRefusal(`the sub-task's result does not check out: ${error.message}`);
    }
    const acceptance = {
      orderHash: ended.taskId,
      resultHash: ended.receipt.resultHash,
      price: decodeTyped("Award", ended.award).price,
    };
    const signature = await signTyped(terms.signer, terms.domain, "Acceptance", acceptance);
    await room.link().send({ type: "subtask.accepted", taskId: ended.taskId, signature });
    return { output: ended.output as TaskCall["input"], price: BigInt(ended.charge) };
  }

  return {
    openFor(undertaken) {
      const { taskId, spec } = undertaken.assignment;
      if (!spec.subtasks) return undefined;
      let calls = 0;
      let done = 0;
      let charged = 0n;
      return {
        async runTask(call, signal) {
          calls += 1;
          const result = await order(undertaken, calls, call, signal);
          done += 1;
          charged += result.price;
          return result;
        },
        spent: () => ({ done, charged: charged.toString() }),
        [Symbol.dispose]() {
          grants.delete(taskId);
          wanted.delete(taskId);
        },
      };
    },
    granted({ taskId, session }) {
      if (session.key.key.toLowerCase() !== terms.node.toLowerCase()) return;
      grants.set(taskId, session);
      wanted.get(taskId)?.resolve(session);
      wanted.delete(taskId);
    },
    told(message) {
      for (const one of waiting) {
        if (message.type === "subtask.opened") {
          if (message.orderHash === one.orderHash) one.taskId = message.taskId;
        } else if (message.type === "subtask.rejected") {
          if (message.nonce === one.nonce) one.over.resolve(message);
        } else if (message.taskId === one.taskId) one.over.resolve(message);
      }
    },
  };
}

/** Waits until a signal ends it. */
async function within<T>(promise: Promise<T>, signal: AbortSignal, otherwise: string): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(new GrantRefusal(otherwise));
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
