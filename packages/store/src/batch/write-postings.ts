import { entriesOf, type LedgerAccount, type Posting } from "@stoa/core";
import type { Queryable } from "../database/database.ts";
import { toInstant, toRows } from "./rows.ts";

/*
 * Not an upsert: PostgreSQL tests the check constraint on the row proposed for insertion, which would refuse every
 * withdrawal from an account that exists. The lane is the only writer, so update-then-insert misses nothing.
 */

/**
 * Appends postings and moves the balances by what they sum to. The guard table refuses a posting made before,
 * the check constraint an account below zero: either takes the whole transaction back.
 */
export async function writePostings(tx: Queryable, postings: readonly Posting[], at: number): Promise<void> {
  const entries = postings.flatMap((posting) =>
    entriesOf(posting).map((entry) => ({
      posting_id: posting.id,
      account: entry.account,
      amount: entry.amount,
      kind: posting.kind,
      task_id: posting.taskId,
      posted_at: toInstant(at),
    })),
  );
  if (entries.length === 0) return;
  const net = new Map<LedgerAccount, bigint>();
  for (const { account, amount } of entries) net.set(account, (net.get(account) ?? 0n) + amount);
  const changed = [...net].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  await tx.query(
    `with entry as (
       insert into entries (posting_id, account, amount, kind, task_id, posted_at)
       select posting_id, account, amount, kind, task_id, posted_at
         from json_to_recordset($1::json) as row (posting_id text, account text, amount numeric, kind text,
              task_id text, posted_at timestamptz)
     ), change as (
       select account, amount from json_to_recordset($2::json) as row (account text, amount numeric)
     ), moved as (
       update balances set amount = balances.amount + change.amount
         from change where balances.account = change.account
       returning balances.account
     )
     insert into balances (account, amount)
     select account, amount from change where account not in (select account from moved)`,
    [toRows(entries), toRows(changed.map(([account, amount]) => ({ account, amount })))],
  );
}
