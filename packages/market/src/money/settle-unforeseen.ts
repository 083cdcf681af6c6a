import {
  available,
  chainAccount,
  nextState,
  platformAccount,
  settlePosting,
  splitHold,
  type Transfer,
} from "@stoa/core";
import type { Address } from "@stoa/protocol";
import type { AwardRecord, TaskRecord } from "@stoa/store";
import type { MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { freeBond, refundAccount } from "../tasks/end-task.ts";
import { takeOrOwe } from "./take-or-owe.ts";
import type { VaultDrift } from "./vault-drift.ts";

/** A split that the vault made, and for whom. */
export interface VaultSplit {
  /** The node that was paid. */
  node: Address;
  payment: bigint;
  royalty: bigint;
  fee: bigint;
  payout: Address;
  creator: Address;
}

/**
 * Follows a settlement on chain that the market did not ask for: somebody submitted signed evidence itself, such as a
 * node whose claim on an order nobody challenged. The chain's word stands, so the ledger makes the same split.
 */
export function settleUnforeseen(set: WorkingSet, task: TaskRecord, split: VaultSplit, drift: VaultDrift): void {
  if (["open", "awarded", "running", "delivered"].includes(task.state)) enforce(set, task, split);
  else chargeAfterRelease(set, task, split, drift);
  set.putSettlement({
    taskId: task.id,
    kind: "settle",
    state: "confirmed",
    txHash: null,
    reason: null,
    payableAt: null,
    updatedAt: set.now,
  });
}

/**
 * Follows the chain where it paid another node than the market settled with: what the ledger gave to the one is taken
 * back, and the split of the other made instead.
 */
export function correctSettlement(
  set: WorkingSet,
  task: TaskRecord,
  split: VaultSplit,
  drift: VaultDrift,
  terms: MarketTerms,
): void {
  const award = set.currentAward(task);
  const { payment, royalty, fee, charge } = splitHold({
    maxPrice: task.maxPrice,
    price: award.price,
    royalty: award.royalty,
    feeBps: terms.feeBps,
  });
  const taken = takeOrOwe(set, drift, [
    [available(award.terms.payout), payment],
    [available(award.terms.creator), royalty],
    [platformAccount, fee],
  ]);
  set.post({
    id: `correct:${task.id}`,
    kind: "enforce",
    taskId: task.id,
    transfers: [...taken, { from: chainAccount, to: available(task.requester), amount: charge }],
  });
  chargeAfterRelease(set, task, split, drift);
  award.failure = paidAnother(split.node);
  award.state = "failed";
  set.putAward(award);
  task.outcome = { kind: "settled", ...textsOf(task, split) };
  set.touchTask(task);
}

/** The hold is still there: it is split as the chain did, and what was under way is over. */
function enforce(set: WorkingSet, task: TaskRecord, split: VaultSplit): void {
  const { node, payment, royalty, fee, payout, creator } = split;
  const charge = payment + royalty + fee;
  const refund = task.maxPrice - charge;
  const parties = { requester: task.requester, payout, creator };
  set.post(settlePosting(task.id, parties, { payment, royalty, fee, charge, refund }, refundAccount(task)));
  if (task.awardHash !== null) endAward(set, set.currentAward(task), node);
  task.state = nextState(task.state, "enforce");
  task.wakeAt = null;
  task.notBefore = null;
  const texts = textsOf(task, split);
  task.outcome = { kind: "settled", ...texts };
  set.touchTask(task);
  set.emit({ type: "task.settled", audience: null, data: { taskId: task.id, node, ...texts } });
}

function endAward(set: WorkingSet, award: AwardRecord, paid: Address): void {
  freeBond(set, award);
  const failure = award.node === paid ? null : paidAnother(paid);
  Object.assign(award, {
    state: failure ? "failed" : "delivered",
    endedAt: set.now,
    failure,
  } satisfies Partial<AwardRecord>);
  set.putAward(award);
}

function paidAnother(node: Address): { reason: string; message: string } {
  return { reason: "settled_on_chain", message: `the chain paid ${node} for the order` };
}

function textsOf({ maxPrice }: TaskRecord, { payment, royalty, fee }: VaultSplit) {
  const charge = payment + royalty + fee;
  return {
    charge: charge.toString(),
    payment: payment.toString(),
    royalty: royalty.toString(),
    fee: fee.toString(),
    refund: (maxPrice - charge).toString(),
  };
}

/** The hold was given back before: the charge comes from what the requester has left, the rest it owes. */
function chargeAfterRelease(
  set: WorkingSet,
  task: TaskRecord,
  { payment, royalty, fee, payout, creator }: VaultSplit,
  drift: VaultDrift,
): void {
  const transfers: Transfer[] = [
    ...takeOrOwe(set, drift, [[available(task.requester), payment + royalty + fee]]),
    { from: chainAccount, to: available(payout), amount: payment },
    { from: chainAccount, to: available(creator), amount: royalty },
    { from: chainAccount, to: platformAccount, amount: fee },
  ];
  set.post({
    id: `enforce:${task.id}`,
    kind: "enforce",
    taskId: task.id,
    transfers: transfers.filter(({ amount }) => amount > 0n),
  });
}
