import type { Queryable } from "../database/database.ts";

/** How long a key is remembered. */
const KEPT_MS = 24 * 3_600_000;
/** Whoever claimed a key and gave no answer for so long will give none: its process is gone. */
const GIVEN_UP_MS = 90_000;

interface Key {
  accountId: string;
  key: string;
}

/** What became of a claim: it is the caller's to answer, or another request had the key before. */
export type Claim =
  | { isOurs: true }
  | {
      isOurs: false;
      requestHash: string;
      /** Null while it is being worked on. The body is null when it was not kept. */
      answer: { status: number; body: string | null } | null;
    };

/**
 * Claims a key of an account for a request.
 * @param claim.now epoch milliseconds
 */
export async function claimIdempotencyKey(
  database: Queryable,
  claim: Key & { requestHash: string; now: number },
): Promise<Claim> {
  const { accountId, key, requestHash, now } = claim;
  await database.query("delete from idempotency_keys where used_at < $1", [new Date(now - KEPT_MS)]);
  const claimed = await database.query(
    `insert into idempotency_keys (account_id, key, request_hash, used_at) values ($1, $2, $3, $4)
     on conflict (account_id, key) do update set used_at = excluded.used_at
      where idempotency_keys.status is null and idempotency_keys.used_at < $5
        and idempotency_keys.request_hash = excluded.request_hash
     returning key`,
    [accountId, key, requestHash, new Date(now), new Date(now - GIVEN_UP_MS)],
  );
  if (claimed.length > 0) return { isOurs: true };
  const [before] = await database.query<{ requestHash: string; status: number | null; body: string | null }>(
    `select request_hash as "requestHash", status, body from idempotency_keys where account_id = $1 and key = $2`,
    [accountId, key],
  );
  // It was given up between the two looks.
  if (!before) return { isOurs: false, requestHash, answer: null };
  const { status, body } = before;
  return { isOurs: false, requestHash: before.requestHash, answer: status === null ? null : { status, body } };
}

/** Keeps what the request under a key was answered. */
export async function keepIdempotentAnswer(
  database: Queryable,
  { accountId, key, status, body }: Key & { status: number; body: string | null },
): Promise<void> {
  await database.query("update idempotency_keys set status = $3, body = $4 where account_id = $1 and key = $2", [
    accountId,
    key,
    status,
    body,
  ]);
}

/** Lets a key be used again: its request came to nothing. */
export async function releaseIdempotencyKey(database: Queryable, { accountId, key }: Key): Promise<void> {
  await database.query("delete from idempotency_keys where account_id = $1 and key = $2 and status is null", [
    accountId,
    key,
  ]);
}
