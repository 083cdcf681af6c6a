import { type Address, type Hash, StoaError, type TaskId } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { refundIn } from "../tasks/refund-task.ts";
import { settleIn } from "../tasks/settle-task.ts";
import { correctSettlement, settleUnforeseen, type VaultSplit } from "./settle-unforeseen.ts";
import { payBond, takeBack } from "./post-vault-event.ts";
import type { VaultDrift } from "./vault-drift.ts";
import type { VaultBlock, VaultEvent } from "./vault-event.ts";

type ClaimEvent = VaultEvent & { type: "claimed" | "claim_posted" };

/** Whom one award of a task pays. */
export interface Parties {
  taskId: TaskId;
  node: Address;
  payout: Address;
  creator: Address;
  price: bigint;
  royalty: bigint;
}

/** What an event is read in the light of. */
interface Around {
  block: VaultBlock;
  drift: VaultDrift;
  /** Of every award of the block's tasks. */
  parties: readonly Parties[];
  terms: MarketTerms;
}

/**
 * What an event on chain means for the task it is about; orders of other markets mean nothing here. A claim can be
 * of a node that the market has taken the task from: then only its money is followed.
 */
export function followTask(set: WorkingSet, event: VaultEvent, around: Around): void {
  if (event.type === "slashed") {
    set.defer((tx) =>
      tx.query("update damages set state = 'confirmed', tx_hash = $2 where award_hash = $1", [
        event.awardHash,
        event.txHash,
      ]),
    );
    return;
  }
  if (!("orderHash" in event)) return;
  const task = set.findTask(event.orderHash as TaskId);
  if (!task) return;
  switch (event.type) {
    case "claim_posted":
      return followPostedClaim(set, task, event);
    case "claimed":
      return followClaim(set, task, event, around.drift);
    case "challenged":
      return followChallenge(set, task, event, around.drift);
    case "ruled":
      if (event.pay) followPayRuling(set, task, event, around);
      return;
    case "claim_released":
      return followRelease(set, task, event, around);
    case "settled":
      return followSettlement(set, task, event, around);
  }
}

/** Whether the task is delivered by the node whose claim this is, so that the claim decides about it. */
function isItsClaim(set: WorkingSet, task: TaskRecord, node: Address | undefined): boolean {
  return task.state === "delivered" && set.currentAward(task).node === node;
}

/**
 * Anyone who has the evidence can post a claim, and again: the window that opened first is the one that is waited for. A
 * posted claim locks nothing and has no bond to follow; one that is challenged is told as claimed besides.
 */
function followPostedClaim(set: WorkingSet, task: TaskRecord, event: VaultEvent & { type: "claim_posted" }): void {
  const known = set.settlement(task.id);
  if (known?.state === "claimed" || known?.kind === "settle") return;
  tellClaim(set, task, event);
  if (isItsClaim(set, task, event.node)) putClaim(set, task, event);
}

function tellClaim(set: WorkingSet, task: TaskRecord, { payableAt }: ClaimEvent): void {
  set.emit({ type: "task.claimed", audience: null, data: { taskId: task.id, payableAt } });
}

/** The task is paid when the claim's window is over. */
function putClaim(set: WorkingSet, task: TaskRecord, { txHash, payableAt }: ClaimEvent): void {
  set.putSettlement({
    taskId: task.id,
    kind: "claim",
    state: "claimed",
    txHash,
    reason: null,
    payableAt,
    updatedAt: set.now,
  });
  task.wakeAt = payableAt;
  set.touchTask(task);
}

/** A claim is told in any state: one on a task that was never delivered is the requester's to challenge in time. */
function followClaim(
  set: WorkingSet,
  task: TaskRecord,
  event: VaultEvent & { type: "claimed" },
  { claims }: VaultDrift,
): void {
  claims.set(task.id, { node: event.node, bond: 0n });
  tellClaim(set, task, event);
  if (isItsClaim(set, task, event.node)) putClaim(set, task, event);
}

function followChallenge(
  set: WorkingSet,
  task: TaskRecord,
  event: VaultEvent & { type: "challenged" },
  { claims }: VaultDrift,
): void {
  const claim = claims.get(task.id);
  if (claim) claim.bond = event.bond;
  const settlement = set.settlement(task.id);
  if (!settlement || !isItsClaim(set, task, claim?.node)) return;
  set.putSettlement({ ...settlement, kind: "claim", state: "claimed", payableAt: null });
  task.wakeAt = null;
  set.touchTask(task);
}

/** A ruling for the node that claimed: the bond is its, and so is the claim, whoever settles it. */
function followPayRuling(
  set: WorkingSet,
  task: TaskRecord,
  { txHash, logIndex }: VaultEvent & { type: "ruled" },
  { drift, parties, terms }: Around,
): void {
  const claim = drift.claims.get(task.id);
  const party = parties.find(({ taskId, node }) => taskId === task.id && node === claim?.node);
  if (claim && party) {
    const owners = { requester: task.requester, payout: party.payout };
    payBond(set, owners, claim.bond, drift, `${txHash}:${logIndex}`);
    claim.bond = 0n;
  }
  if (isItsClaim(set, task, claim?.node)) settleIn(set, task, terms);
}

/** A claim that was ruled against, lapsed, or gave way to an acceptance: its bond is the requester's again. */
function followRelease(
  set: WorkingSet,
  task: TaskRecord,
  { orderHash, txHash, logIndex }: VaultEvent & { type: "claim_released" },
  { block, drift }: Around,
): void {
  const claim = drift.claims.get(task.id);
  if (claim) takeBack(set, task.requester, claim.bond, drift, `${txHash}:${logIndex}`);
  drift.claims.delete(task.id);
  if (!isSettledBy(block, orderHash) && isItsClaim(set, task, claim?.node)) refundIn(set, task);
}

/** Whether the same blocks settle the order: its claim was then released because it was accepted after all. */
function isSettledBy(block: VaultBlock, orderHash: Hash): boolean {
  return block.events.some((event) => event.type === "settled" && event.orderHash === orderHash);
}

function followSettlement(
  set: WorkingSet,
  task: TaskRecord,
  event: VaultEvent & { type: "settled" },
  { drift, parties, terms }: Around,
): void {
  drift.claims.delete(task.id);
  const award = task.awardHash === null ? undefined : set.award(task.awardHash);
  const split = splitOf(task, event, parties);
  const isIts = award?.node === event.node;
  const known = set.settlement(task.id);
  if (isIts && task.state === "delivered") settleIn(set, task, terms);
  else if (split && !isIts && task.state === "settled" && known && known.state !== "confirmed")
    correctSettlement(set, task, split, drift, terms);
  else if (split && (!known || task.state === "delivered")) settleUnforeseen(set, task, split, drift);
  const settlement = set.settlement(task.id);
  if (!settlement)
    throw new StoaError("internal", `the chain settled ${task.id} for ${event.node}, which never had its award`);
  set.putSettlement({ ...settlement, kind: "settle", state: "confirmed", txHash: event.txHash });
  set.emit({ type: "settlement.confirmed", audience: null, data: { taskId: task.id, txHash: event.txHash } });
}

/** The split with those it pays; a node can have had two awards of one order, at different prices. */
function splitOf(
  task: TaskRecord,
  { node, payment, royalty, fee }: VaultEvent & { type: "settled" },
  parties: readonly Parties[],
): VaultSplit | undefined {
  const own = parties.filter((party) => party.taskId === task.id && party.node === node);
  const paid = own.find((party) => party.royalty === royalty && party.price === payment + royalty) ?? own[0];
  return paid && { node, payment, royalty, fee, payout: paid.payout, creator: paid.creator };
}
