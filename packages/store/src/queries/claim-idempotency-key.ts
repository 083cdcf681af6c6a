import type { Queryable } from "../database/database.ts";

/** How long a key is remembered. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Remembers what an account used a key for the first time.
 * @param now epoch milliseconds
 * @returns the hash of the first request the key came with: another one's means a conflict
 */
export async function claimIdempotencyKey(
  database: Queryable,
  claim: { accountId: string; key: string; requestHash: string; now: number },
): Promise<string> {
  const { accountId, key, requestHash, now } = claim;
  await database.query("delete from idempotency_keys where used_at < $1", [new Date(now - KEPT_MS)]);
  const [row] = await database.query<{ request_hash: string }>(
    `insert into idempotency_keys (account_id, key, request_hash, used_at) values ($1, $2, $3, $4)
     on conflict (account_id, key) do update set key = excluded.key
     returning request_hash`,
    [accountId, key, requestHash, new Date(now)],
  );
  return row!.request_hash;
}
