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
  return database.query<EntryRow>(
    `select posting_id as "postingId", kind, account, amount, task_id as "taskId", posted_at as "postedAt",
            posting_id || ' ' || account as id
       from entries
      where account in (select account from balances where split_part(split_part(account, ':', 2), '/', 1) = $1)
        and ($2::timestamptz is null or (posted_at, posting_id || ' ' || account) < ($2, $3::text))
      order by posted_at desc, posting_id || ' ' || account desc limit $4`,
    [filter.owner, ...positionParams(filter.after), filter.limit],
  );
}
