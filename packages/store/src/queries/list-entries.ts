import type { Address, Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface EntryRow {
  postingId: string;
  kind: string;
  account: string;
  amount: bigint;
  taskId: Hash | null;
  postedAt: number;
  /** Its place among entries of the same instant. */
  id: string;
}

/** The ledger's entries of an owner and its nodes, the newest first. */
export function listEntries(
  database: Queryable,
  filter: { owner: Address; after?: Position | undefined; limit: number },
): Promise<EntryRow[]> {
  const { owner, after, limit } = filter;
  return after
    ? database.query<EntryRow>(NEXT, [owner, limit, ...positionParams(after)])
    : database.query<EntryRow>(FIRST, [owner, limit]);
}

/*
 * Each account gives a page of its own by its index, and of these the newest make the page: the whole history of an
 * account is never sorted. Two texts, since only a bound that is always there keeps partitions out.
 */
const select = (where: string) => `
  select posting_id as "postingId", kind, entry.account, entry.amount, task_id as "taskId", posted_at as "postedAt",
         posting_id || ' ' || entry.account as id
    from balances
    cross join lateral (
      select posting_id, kind, account, entries.amount, task_id, posted_at from entries
       where entries.account = balances.account ${where}
       order by posted_at desc, posting_id desc limit $2
    ) as entry
   where split_part(split_part(balances.account, ':', 2), '/', 1) = $1
   order by posted_at desc, posting_id desc, entry.account desc limit $2`;

const FIRST = select("");
const NEXT = select(`and posted_at <= $3::timestamptz
         and (posted_at, posting_id, account) < ($3::timestamptz, split_part($4, ' ', 1), split_part($4, ' ', 2))`);
