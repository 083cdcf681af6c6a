import type { SessionId } from "./load-session-spending.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** What a batch changed of what a session key has spent or holds; below zero when a task cost less than it might have. */
export interface SessionChange extends SessionId {
  amount: bigint;
}

const CHANGE = { key: "word", nonce: "word", amount: "numeric" };

/*
 * Not an upsert: PostgreSQL tests the check constraint on the row proposed for insertion, which would refuse whatever
 * gives back. The lane is the only writer, so update-then-insert misses nothing.
 */
const WRITE = `with change as (
   select ${columnsOf(CHANGE)} from ${rowsOf(CHANGE)}
 ), moved as (
   update session_spending set spent = spent + amount from change
    where session_spending.key = change.key and session_spending.nonce = change.nonce
   returning session_spending.key, session_spending.nonce
 )
 insert into session_spending (key, nonce, spent)
 select key, nonce, amount from change where (key, nonce) not in (select key, nonce from moved)`;

/** Moves what session keys have spent. */
export function writeSessionSpending(changes: readonly SessionChange[]): Statement[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ key, nonce, amount }) => ({ key, nonce, amount: amount.toString() }));
  return [{ text: WRITE, params: toColumns(CHANGE, rows) }];
}
