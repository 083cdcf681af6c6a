import { type Address, type Hash, StoaError, type TaskId } from "@stoa/protocol";
import type { TaskRecord } from "@stoa/store";
import type { MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { refundIn } from "../tasks/refund-task.ts";
import { settleIn } from "../tasks/settle-task.ts";
import { type Debts, postBond } from "./post-vault-event.ts";
import { settleUnforeseen } from "./settle-unforeseen.ts";
import type { VaultBlock, VaultEvent } from "./vault-event.ts";

/** Whom one award of a task pays. */
export interface Parties {
  taskId: TaskId;
  node: Address;
  payout: Address;
  creator: Address;
}

/** What an event is read in the light of. */
interface Around {
  block: VaultBlock;
  debts: Debts;
  /** Of every award that the block settles. */
  parties: readonly Parties[];
  terms: MarketTerms;
}

/** What an event on chain means for the task it is about; orders of other markets mean nothing here. */
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
    case "claimed":
      return followClaim(set, task, event);
    case "challenged": {
      const settlement = set.settlement(task.id);
      if (task.state !== "delivered" || !settlement) return;
      set.putSettlement({ ...settlement, kind: "claim", state: "claimed", payableAt: null, bond: event.bond });
      task.wakeAt = null;
      return set.touchTask(task);
    }
    case "ruled":
      if (event.pay) followRuling(set, task, true, around.terms);
      return;
    case "claim_released":
      if (!isSettledBy(around.block, event.orderHash)) followRuling(set, task, false, around.terms);
      return;
    case "settled":
      return followSettlement(set, task, event, around);
  }
}

/** Whether the same blocks settle the order: its claim was then released because it was accepted after all. */
function isSettledBy(block: VaultBlock, orderHash: Hash): boolean {
  return block.events.some((event) => event.type === "settled" && event.orderHash === orderHash);
}

/** A claim is told in any state: one on a task that was never delivered is the requester's to challenge in time. */
function followClaim(set: WorkingSet, task: TaskRecord, event: VaultEvent & { type: "claimed" }): void {
  set.emit({ type: "task.claimed", audience: null, data: { taskId: task.id, payableAt: event.payableAt } });
  const settlement = set.settlement(task.id);
  if (task.state !== "delivered" || !settlement) return;
  set.putSettlement({
    ...settlement,
    kind: "claim",
    state: "claimed",
    txHash: event.txHash,
    payableAt: event.payableAt,
  });
  task.wakeAt = event.payableAt;
  set.touchTask(task);
}

function followSettlement(
  set: WorkingSet,
  task: TaskRecord,
  event: VaultEvent & { type: "settled" },
  { debts, parties, terms }: Around,
): void {
  const paid = parties.find(({ taskId, node }) => taskId === task.id && node === event.node);
  if (task.state === "delivered") settleIn(set, task, terms);
  else if (!set.settlement(task.id) && paid) settleUnforeseen(set, task, { ...event, ...paid }, debts, terms);
  const settlement = set.settlement(task.id);
  if (!settlement)
    throw new StoaError("internal", `the chain settled ${task.id} for ${event.node}, which never had its award`);
  set.putSettlement({ ...settlement, kind: "settle", state: "confirmed", txHash: event.txHash });
  set.emit({ type: "settlement.confirmed", audience: null, data: { taskId: task.id, txHash: event.txHash } });
}

/** A claim that was ruled on, released or lapsed: its bond goes to the side that was right. */
function followRuling(set: WorkingSet, task: TaskRecord, pay: boolean, terms: MarketTerms): void {
  const settlement = set.settlement(task.id);
  if (task.state !== "delivered" || !settlement) return;
  const payout = set.currentAward(task).terms.payout;
  postBond(set, task.requester, pay ? payout : task.requester, settlement.bond, terms, `bond:${task.id}`);
  set.putSettlement({ ...settlement, bond: 0n });
  if (pay) settleIn(set, task, terms);
  else refundIn(set, task);
}
