import { available, type LedgerAccount, platformAccount, withdrawing } from "@stoa/core";
import type { Hash, TaskId } from "@stoa/protocol";
import type { Queryable, TaskRecord } from "@stoa/store";
import type { MarketContext, MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { accountsOfTask } from "../tasks/end-task.ts";
import { followTask, type Parties } from "./follow-task.ts";
import { accountsOf, accountsOfEvent, payDebt, postVaultEvent } from "./post-vault-event.ts";
import { repayOverdrafts } from "./take-or-owe.ts";
import { readDrift, type VaultDrift, writeDrift } from "./vault-drift.ts";
import type { VaultBlock, VaultEvent } from "./vault-event.ts";

interface Cursor {
  number: bigint;
  hash: Hash;
}

/**
 * Applies the confirmed events of the vault up to a block, with the cursor, in one transaction. A block applied
 * before changes nothing. What the chain paid out beyond what the ledger has is kept as an overdraft.
 */
export function applyVaultBlock(context: MarketContext, block: VaultBlock): Promise<void> {
  const { terms } = context;
  const tasks = [...new Set(block.events.flatMap(taskOf))];
  let cursor: Cursor | undefined;
  let drift: VaultDrift = { debts: new Map(), overdrafts: new Map(), claims: new Map() };
  let parties: readonly Parties[] = [];
  return context.lane.run({
    name: "apply-vault-block",
    owns: ["vault"],
    tasks,
    async load(tx) {
      cursor = await readCursor(tx, terms);
      drift = await readDrift(tx, tasks);
      parties = await readParties(tx, tasks);
    },
    accounts: (set) => [
      ...block.events.flatMap((event) => accountsOfEvent(event, terms)),
      ...tasks.flatMap((id) => accountsOfSettling(set, set.findTask(id))),
      ...[...drift.debts.keys()].flatMap((owner) => accountsOf(owner, terms)),
      ...drift.overdrafts.keys(),
    ],
    decide(set) {
      if (cursor && block.number <= cursor.number) return;
      for (const event of block.events) {
        postVaultEvent(set, event, drift, terms);
        followTask(set, event, { block, drift, parties, terms });
        keepRevocation(set, event);
      }
      repayOverdrafts(set, drift, block.hash);
      for (const owner of drift.debts.keys()) payDebt(set, owner, drift, terms, `${block.hash}:${owner}`);
      set.defer((tx) => writeCursor(tx, terms, block));
      set.defer((tx) =>
        writeDrift(
          tx,
          drift,
          tasks.filter((id) => set.findTask(id)),
        ),
      );
    },
  });
}

/** How far the vault was read. */
export async function vaultCursor(context: MarketContext): Promise<Cursor | undefined> {
  return readCursor(context.database, context.terms);
}

function accountsOfSettling(set: WorkingSet, task: TaskRecord | undefined): LedgerAccount[] {
  if (!task) return [];
  const award = task.awardHash ? set.award(task.awardHash) : undefined;
  const accounts = [...accountsOfTask(set, task), available(task.requester), withdrawing(task.requester)];
  if (award) accounts.push(available(award.terms.payout), available(award.terms.creator), platformAccount);
  return accounts;
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

/** Who is paid by each award of the orders that the block is about. */
async function readParties(tx: Queryable, tasks: readonly TaskId[]): Promise<Parties[]> {
  if (tasks.length === 0) return [];
  return tx.query<Parties>(
    `select task_id as "taskId", node, terms ->> 'payout' as payout, terms ->> 'creator' as creator, price, royalty
       from awards where task_id = any($1::text[])`,
    [tasks],
  );
}
