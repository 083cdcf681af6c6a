import { nextState, type Split, settlePosting, splitHold } from "@stoa/core";
import { decodeTyped, type Signature, StoaError, type TaskId } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketContext, MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { checkAcceptanceSignature } from "./check-acceptance-signature.ts";
import { accountsOfTask, freeBond, refundAccount } from "./end-task.ts";

/**
 * Settles a delivered task on its requester's signed acceptance: splits the hold, and has the same split settled on
 * chain. Said twice, it counts once.
 * @throws {StoaError} `not_found`, `wrong_state`, `wrong_signature`
 */
export async function acceptTask(
  context: MarketContext,
  request: { taskId: TaskId; signature: Signature },
): Promise<Split> {
  const { taskId, signature } = request;
  const resultHash = await checkAcceptanceSignature(context, taskId, signature);
  return context.lane.run({
    name: "accept-task",
    tasks: [taskId],
    accounts: (set) => accountsOfTask(set, set.findTask(taskId)),
    decide(set) {
      const task = set.task(taskId);
      if (task.result?.hash !== resultHash)
        throw new StoaError("wrong_state", `the task ${taskId} has another result than was accepted`);
      if (task.state === "settled") return splitOf(set, task, context.terms);
      const split = settleIn(set, task, context.terms);
      task.acceptance = { signature };
      set.emit({ type: "task.accepted", audience: null, data: { taskId } });
      return split;
    },
  });
}

/**
 * Has a task paid on chain whose claim went unchallenged as far as the market has read it. The ledger follows when the
 * chain has paid: a challenge that was made in time but is read late would find the money gone otherwise.
 * Does nothing when it is not due.
 */
export function settleClaimedTask(context: MarketContext, taskId: TaskId): Promise<void> {
  return context.lane.run({
    name: "settle-claimed-task",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      const claim = set.settlement(taskId);
      if (task.state !== "delivered" || claim?.state !== "claimed" || (claim.payableAt ?? Infinity) > set.now) return;
      task.wakeAt = null;
      set.touchTask(task);
      set.putSettlement({ ...claim, kind: "settle", state: "pending", txHash: null, reason: null });
    },
  });
}

function splitOf(set: WorkingSet, task: TaskRecord, terms: MarketTerms): Split {
  const award = set.currentAward(task);
  return splitHold({ maxPrice: task.maxPrice, price: award.price, royalty: award.royalty, feeBps: terms.feeBps });
}

/** Settles a delivered task within a batch: the ledger splits its hold now, the chain follows. */
export function settleIn(set: WorkingSet, task: TaskRecord, terms: MarketTerms): Split {
  const state = nextState(task.state, "settle");
  const award = set.currentAward(task);
  const { payout, creator } = decodeTyped("Award", award.terms);
  const split = splitOf(set, task, terms);
  set.post(settlePosting(task.id, { requester: task.requester, payout, creator }, split, refundAccount(task)));
  freeBond(set, award);
  task.state = state;
  task.wakeAt = null;
  task.outcome = { kind: "settled", ...asText(split) };
  set.touchTask(task);
  set.putSettlement({
    taskId: task.id,
    kind: "settle",
    state: "pending",
    txHash: null,
    reason: null,
    payableAt: null,
    updatedAt: set.now,
  });
  set.emit({ type: "task.settled", audience: null, data: { taskId: task.id, node: award.node, ...asText(split) } });
  return split;
}

function asText({ charge, payment, royalty, fee, refund }: Split) {
  return {
    charge: charge.toString(),
    payment: payment.toString(),
    royalty: royalty.toString(),
    fee: fee.toString(),
    refund: refund.toString(),
  };
}
