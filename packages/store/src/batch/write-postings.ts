import { type Entry, entriesOf, type LedgerAccount, type Posting } from "@stoa/core";
import { toColumn, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

/*
 * Not an upsert: PostgreSQL tests the check constraint on the row proposed for insertion, which would refuse every
 * withdrawal from an account that exists. The lane is the only writer, so update-then-insert misses nothing.
 */

/**
 * Appends postings and moves the balances by what they sum to. The guard table refuses a posting made before,
 * the check constraint an account below zero: either takes the whole transaction back.
 */
export function writePostings(postings: readonly Posting[], at: number): Statement[] {
  const rows: { posting: Posting; entry: Entry }[] = [];
  for (const posting of postings) for (const entry of entriesOf(posting)) rows.push({ posting, entry });
  if (rows.length === 0) return [];
  const net = new Map<LedgerAccount, bigint>();
  for (const { entry } of rows) net.set(entry.account, (net.get(entry.account) ?? 0n) + entry.amount);
  const changed = [...net].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    {
      text: `with entry as (
               insert into entries (posting_id, account, amount, kind, task_id, posted_at)
               select posting_id, account, amount, kind, task_id, $6::timestamptz
                 from unnest($1::text[], $2::text[], $3::numeric[], $4::text[], $5::text[])
                   as row (posting_id, account, amount, kind, task_id)
             ), change as (
               select account, amount from unnest($7::text[], $8::numeric[]) as row (account, amount)
             ), moved as (
               update balances set amount = balances.amount + change.amount
                 from change where balances.account = change.account
               returning balances.account
             )
             insert into balances (account, amount)
             select account, amount from change where account not in (select account from moved)`,
      params: [
        toColumn(rows.map(({ posting }) => posting.id)),
        toColumn(rows.map(({ entry }) => entry.account)),
        toColumn(rows.map(({ entry }) => entry.amount.toString())),
        toColumn(rows.map(({ posting }) => posting.kind)),
        toColumn(rows.map(({ posting }) => posting.taskId)),
        toInstant(at),
        toColumn(changed.map(([account]) => account)),
        toColumn(changed.map(([, amount]) => amount.toString())),
      ],
    },
  ];
}
