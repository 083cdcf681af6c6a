import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toColumn } from "./rows.ts";

/** A session key as its wallet numbered it. */
export interface SessionId {
  key: Address;
  nonce: string;
}

/** What these session keys have spent, or hold for tasks under way; one that never ordered is left out. */
export async function loadSessionSpending(
  tx: Queryable,
  sessions: readonly SessionId[],
): Promise<(SessionId & { spent: bigint })[]> {
  if (sessions.length === 0) return [];
  return tx.query<SessionId & { spent: bigint }>(
    `select key, nonce, spent from session_spending
      where (key, nonce) in (select key, nonce from unnest($1::text[], $2::text[]) as row (key, nonce))`,
    [toColumn(sessions.map(({ key }) => key)), toColumn(sessions.map(({ nonce }) => nonce))],
  );
}
