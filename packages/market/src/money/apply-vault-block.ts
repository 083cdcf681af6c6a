import { type LedgerAccount, withdrawing } from "@stoa/core";
import { type Address, type Hash, StoaError, type TaskId } from "@stoa/protocol";
import type { Queryable, TaskRecord } from "@stoa/store";
import type { MarketContext, MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { accountsOfTask } from "../tasks/end-task.ts";
import { refundIn } from "../tasks/refund-task.ts";
import { settleIn } from "../tasks/settle-task.ts";
import { accountOf, accountsOfEvent, type Debts, payDebt, postBond, postVaultEvent } from "./post-vault-event.ts";
import type { VaultBlock, VaultEvent } from "./vault-event.ts";

interface Cursor {
  number: bigint;
  hash: Hash;
}

/**
 * Applies the confirmed events of the vault up to a block, with the cursor, in one transaction. A block applied
 * before changes nothing.
 * @throws {RangeError} when the chain paid out what the ledger does not have: the two must be reconciled by hand
 */
export function applyVaultBlock(context: MarketContext, block: VaultBlock): Promise<void> {
  const { terms } = context;
  let cursor: Cursor | undefined;
  let debts: Debts = new Map();
  return context.lane.run({
    name: "apply-vault-block",
    owns: ["vault"],
    tasks: [...new Set(block.events.flatMap(taskOf))],
    async load(tx) {
      cursor = await readCursor(tx, terms);
      debts = await readDebts(tx);
    },
    accounts: (set) => [
      ...block.events.flatMap((event) => accountsOfEvent(event, terms)),
      ...block.events.flatMap(taskOf).flatMap((id) => accountsOfSettling(set, set.findTask(id))),
      ...[...debts.keys()].map((owner) => accountOf(owner, terms)),
    ],
    decide(set) {
      if (cursor && block.number <= cursor.number) return;
      for (const event of block.events) {
        postVaultEvent(set, event, debts, terms);
        const accepted = "orderHash" in event && block.events.some((other) => other.type === "settled" && other.orderHash === event.orderHash);
        followTask(set, event, accepted, terms);
        keepRevocation(set, event);
      }
      for (const owner of debts.keys()) payDebt(set, owner, debts, terms, `${block.hash}:${owner}`);
      set.defer((tx) => writeCursor(tx, terms, block));
      set.defer((tx) => writeDebts(tx, debts));
    },
  });
}

/** How far the vault was read. */
export async function vaultCursor(context: MarketContext): Promise<Cursor | undefined> {
  return readCursor(context.database, context.terms);
}

function accountsOfSettling(set: WorkingSet, task: TaskRecord | undefined): LedgerAccount[] {
  return task ? [...accountsOfTask(set, task), withdrawing(task.requester)] : [];
}

function taskOf(event: VaultEvent): TaskId[] {
  return "orderHash" in event ? [event.orderHash as TaskId] : [];
}

/**
 * What an event on chain means for the task it is about; orders of other markets mean nothing here.
 * @param accepted whether the same blocks settle the order: its claim was then released because it was accepted
 */
function followTask(set: WorkingSet, event: VaultEvent, accepted: boolean, terms: MarketTerms): void {
  if (event.type === "slashed") {
    set.defer((tx) => tx.query("update damages set state = 'confirmed', tx_hash = $2 where award_hash = $1", [event.awardHash, event.txHash]));
    return;
  }
  if (!("orderHash" in event)) return;
  const task = set.findTask(event.orderHash as TaskId);
  if (!task) return;
  switch (event.type) {
    case "claimed": {
      const settlement = set.settlement(task.id);
      if (task.state !== "delivered" || !settlement) return;
      set.putSettlement({ ...settlement, kind: "claim", state: "claimed", txHash: event.txHash, payableAt: event.payableAt });
      task.wakeAt = event.payableAt;
      set.touchTask(task);
      return set.emit({ type: "task.claimed", audience: null, data: { taskId: task.id, payableAt: event.payableAt } });
    }
    case "challenged": {
      const settlement = set.settlement(task.id);
      if (task.state !== "delivered" || !settlement) return;
      set.putSettlement({ ...settlement, kind: "claim", state: "claimed", payableAt: null, bond: event.bond });
      task.wakeAt = null;
      return set.touchTask(task);
    }
    case "ruled":
      if (event.pay) followRuling(set, task, true, terms);
      return;
    case "claim_released":
      if (!accepted) followRuling(set, task, false, terms);
      return;
    case "settled": {
      if (task.state === "delivered") settleIn(set, task, terms);
      const settlement = set.settlement(task.id);
      if (!settlement) throw new StoaError("internal", `the chain settled ${task.id}, which is ${task.state}`);
      set.putSettlement({ ...settlement, kind: "settle", state: "confirmed", txHash: event.txHash });
      return set.emit({ type: "settlement.confirmed", audience: null, data: { taskId: task.id, txHash: event.txHash } });
    }
  }
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

function keepRevocation(set: WorkingSet, event: VaultEvent): void {
  if (event.type !== "order_cancelled" && event.type !== "session_revoked") return;
  const owner = event.type === "order_cancelled" ? event.requester : event.wallet;
  const kind = event.type === "order_cancelled" ? "order" : "session";
  set.defer((tx) =>
    tx.query("insert into revocations (owner, kind, nonce) values ($1, $2, $3) on conflict do nothing", [owner, kind, event.nonce.toString()]),
  );
}

async function readCursor(tx: Queryable, terms: MarketTerms): Promise<Cursor | undefined> {
  const [row] = await tx.query<Cursor>('select block_number as number, block_hash as hash from chain_cursor where vault = $1', [terms.domain.vault]);
  return row;
}

function writeCursor(tx: Queryable, terms: MarketTerms, block: VaultBlock): Promise<unknown> {
  return tx.query(
    `insert into chain_cursor (vault, block_number, block_hash) values ($1, $2::bigint, $3)
     on conflict (vault) do update set block_number = excluded.block_number, block_hash = excluded.block_hash`,
    [terms.domain.vault, block.number.toString(), block.hash],
  );
}

async function readDebts(tx: Queryable): Promise<Debts> {
  const rows = await tx.query<{ owner: Address; amount: bigint }>("select owner, amount from debts");
  return new Map(rows.map(({ owner, amount }) => [owner, amount]));
}

async function writeDebts(tx: Queryable, debts: Debts): Promise<void> {
  for (const [owner, amount] of debts) {
    if (amount > 0n) {
      await tx.query(
        "insert into debts (owner, amount) values ($1, $2::bigint) on conflict (owner) do update set amount = excluded.amount",
        [owner, amount.toString()],
      );
    } else await tx.query("delete from debts where owner = $1", [owner]);
  }
}
