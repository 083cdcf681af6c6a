import { available, type LedgerAccount, withdrawing } from "@stoa/core";
import type { Address, Hash, TaskId } from "@stoa/protocol";
import type { Queryable, TaskRecord } from "@stoa/store";
import type { MarketContext, MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { accountsOfTask } from "../tasks/end-task.ts";
import { followTask, type Parties } from "./follow-task.ts";
import { accountOf, accountsOfEvent, type Debts, payDebt, postVaultEvent } from "./post-vault-event.ts";
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
  let parties: readonly Parties[] = [];
  return context.lane.run({
    name: "apply-vault-block",
    owns: ["vault"],
    tasks: [...new Set(block.events.flatMap(taskOf))],
    async load(tx) {
      cursor = await readCursor(tx, terms);
      debts = await readDebts(tx);
      parties = await readParties(tx, block);
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
        followTask(set, event, { block, debts, parties, terms });
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
  return task ? [...accountsOfTask(set, task), available(task.requester), withdrawing(task.requester)] : [];
}

function taskOf(event: VaultEvent): TaskId[] {
  return "orderHash" in event ? [event.orderHash as TaskId] : [];
}

function keepRevocation(set: WorkingSet, event: VaultEvent): void {
  if (event.type !== "order_cancelled" && event.type !== "session_revoked") return;
  const owner = event.type === "order_cancelled" ? event.requester : event.wallet;
  const kind = event.type === "order_cancelled" ? "order" : "session";
  set.defer((tx) =>
    tx.query("insert into revocations (owner, kind, nonce) values ($1, $2, $3) on conflict do nothing", [
      owner,
      kind,
      event.nonce.toString(),
    ]),
  );
}

async function readCursor(tx: Queryable, terms: MarketTerms): Promise<Cursor | undefined> {
  const [row] = await tx.query<Cursor>(
    "select block_number as number, block_hash as hash from chain_cursor where vault = $1",
    [terms.domain.vault],
  );
  return row;
}

function writeCursor(tx: Queryable, terms: MarketTerms, block: VaultBlock): Promise<unknown> {
  return tx.query(
    `insert into chain_cursor (vault, block_number, block_hash) values ($1, $2::bigint, $3)
     on conflict (vault) do update set block_number = excluded.block_number, block_hash = excluded.block_hash`,
    [terms.domain.vault, block.number.toString(), block.hash],
  );
}

/** Who is paid by each award that the block settles. */
async function readParties(tx: Queryable, block: VaultBlock): Promise<Parties[]> {
  const settled = block.events.flatMap((event) => (event.type === "settled" ? [event.orderHash] : []));
  if (settled.length === 0) return [];
  return tx.query<Parties>(
    `select task_id as "taskId", node, terms ->> 'payout' as payout, terms ->> 'creator' as creator
       from awards where task_id = any($1::text[])`,
    [settled],
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
