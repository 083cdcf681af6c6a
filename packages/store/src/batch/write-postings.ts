import { type Entry, entriesOf, type LedgerAccount, type Posting } from "@stoa/core";
import { columnsOf, type Row, rowsOf, toColumns, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

const POSTING = { id: "word" };
const ENTRY = { posting_id: "word", account: "word", amount: "numeric", kind: "word", task_id: "word" };
const CHANGE = { account: "word", amount: "numeric" };

/*
 * Not an upsert: PostgreSQL tests the check constraint on the row proposed for insertion, which would refuse every
 * withdrawal from an account that exists. The lane is the only writer, so update-then-insert misses nothing.
 */
const WRITE = `with guard as (
   insert into postings (digest) select posting_digest(id) from ${rowsOf(POSTING, 2)}
 ), entry as (
   insert into entries (${columnsOf(ENTRY)}, posted_at) select ${columnsOf(ENTRY)}, $1::timestamptz from ${rowsOf(ENTRY, 3)}
 ), change as (
   select account, amount from ${rowsOf(CHANGE, 8)}
 ), moved as (
   update balances set amount = balances.amount + change.amount
     from change where balances.account = change.account
   returning balances.account
 )
 insert into balances (account, amount)
 select account, amount from change where account not in (select account from moved)`;

/**
 * Appends postings and moves the balances by what they sum to. The guard table refuses a posting made before,
 * the check constraint an account below zero: either takes the whole transaction back. Nothing else writes entries.
 */
export function writePostings(postings: readonly Posting[], at: number): Statement[] {
  const entries = postings.flatMap((posting) => entriesOf(posting).map((entry) => toRow(posting, entry)));
  if (entries.length === 0) return [];
  return [
    {
      text: WRITE,
      params: [
        toInstant(at),
        ...toColumns(
          POSTING,
          postings.map(({ id }) => ({ id })),
        ),
        ...toColumns(ENTRY, entries),
        ...toColumns(CHANGE, sumsOf(postings)),
      ],
    },
  ];
}

function toRow({ id, kind, taskId }: Posting, { account, amount }: Entry): Row {
  return { posting_id: id, account, amount: amount.toString(), kind, task_id: taskId };
}

/** What postings change of each account, in the accounts' order; nothing where they cancel out. */
function sumsOf(postings: readonly Posting[]): Row[] {
  const sums = new Map<LedgerAccount, bigint>();
  for (const posting of postings)
    for (const { account, amount } of entriesOf(posting)) sums.set(account, (sums.get(account) ?? 0n) + amount);
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, amount]) => ({ account, amount: amount.toString() }));
}
