import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toColumn } from "./rows.ts";

/** A session key as its wallet numbered it. */
export interface SessionId {
  key: Address;
  nonce: string;
}

/** What these session keys have spent, or hold for tasks under way. */
export async function loadSessionSpending(
  tx: Queryable,
  sessions: readonly SessionId[],
): Promise<(SessionId & { spent: bigint })[]> {
  if (sessions.length === 0) return [];
  return tx.query<SessionId & { spent: bigint }>(
    // Each key by itself: joined with all of them at once, every task that a session key ever signed would be read.
    `select asked.key, asked.nonce, spent.spent
       from (select distinct key, nonce from unnest($1::text[], $2::text[]) as row (key, nonce)) as asked
       cross join lateral (
         select coalesce(sum(coalesce((outcome ->> 'charge')::bigint, case when outcome is null then max_price else 0 end)), 0) as spent
           from orders join tasks on tasks.id = orders.task_id
          where session -> 'key' ->> 'key' = asked.key and session -> 'key' ->> 'nonce' = asked.nonce
       ) as spent`,
    [toColumn(sessions.map(({ key }) => key)), toColumn(sessions.map(({ nonce }) => nonce))],
  );
}
