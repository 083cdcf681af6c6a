import { available, chainAccount, nextState, platformAccount, settlePosting, type Transfer } from "@stoa/core";
import type { Address } from "@stoa/protocol";
import type { AwardRecord, TaskRecord } from "@stoa/store";
import type { MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { freeBond } from "../tasks/end-task.ts";
import { accountOf, type Debts } from "./post-vault-event.ts";

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
export function settleUnforeseen(
  set: WorkingSet,
  task: TaskRecord,
  split: VaultSplit,
  debts: Debts,
  terms: MarketTerms,
): void {
  if (task.state === "awarded" || task.state === "running") enforce(set, task, split);
  else chargeAfterRelease(set, task, split, debts, terms);
  set.putSettlement({
    taskId: task.id,
    kind: "settle",
    state: "confirmed",
    txHash: null,
    reason: null,
    payableAt: null,
    bond: 0n,
    updatedAt: set.now,
  });
}

/** The hold is still there: it is split as the chain did, and what was under way is over. */
function enforce(
  set: WorkingSet,
  task: TaskRecord,
  { node, payment, royalty, fee, payout, creator }: VaultSplit,
): void {
  const charge = payment + royalty + fee;
  const refund = task.maxPrice - charge;
  const award = set.currentAward(task);
  set.post(
    settlePosting(task.id, { requester: task.requester, payout, creator }, { payment, royalty, fee, charge, refund }),
  );
  freeBond(set, award);
  const failure =
    award.node === node ? null : { reason: "settled_on_chain", message: `the chain paid ${node} for the order` };
  Object.assign(award, {
    state: failure ? "failed" : "delivered",
    endedAt: set.now,
    failure,
  } satisfies Partial<AwardRecord>);
  set.putAward(award);
  task.state = nextState(task.state, "enforce");
  task.wakeAt = null;
  const texts = { charge, payment, royalty, fee, refund };
  const told = Object.fromEntries(Object.entries(texts).map(([name, units]) => [name, units.toString()])) as Record<
    keyof typeof texts,
    string
  >;
  task.outcome = { kind: "settled", ...told };
  set.touchTask(task);
  set.emit({ type: "task.settled", audience: null, data: { taskId: task.id, node, ...told } });
}

/** The hold was given back before: the charge comes from what the requester has left, the rest is its debt. */
function chargeAfterRelease(
  set: WorkingSet,
  task: TaskRecord,
  split: VaultSplit,
  debts: Debts,
  terms: MarketTerms,
): void {
  const { payment, royalty, fee, payout, creator } = split;
  const charge = payment + royalty + fee;
  const from = accountOf(task.requester, terms);
  const left = set.book.balance(from);
  const taken = left < charge ? left : charge;
  debts.set(task.requester, (debts.get(task.requester) ?? 0n) + charge - taken);
  const transfers: Transfer[] = [
    { from, to: chainAccount, amount: taken },
    { from: chainAccount, to: accountOf(payout, terms), amount: payment },
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
