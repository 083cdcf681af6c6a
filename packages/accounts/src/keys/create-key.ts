import { randomUUID } from "node:crypto";
import type { KeyRequest, NewApiKey } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { keyHash, newKeyText, startOf } from "./key-text.ts";

const DEFAULT_LIFE_SECONDS = 90 * 86_400;

/** Makes an API key for an account. The answer is the only place the key itself ever stands. */
export async function createKey(context: AccountsContext, accountId: string, request: KeyRequest): Promise<NewApiKey> {
  const { name, scopes, expiresInSeconds = DEFAULT_LIFE_SECONDS } = request;
  const key = newKeyText();
  const id = randomUUID();
  const createdAt = new Date(context.now());
  const expiresAt = new Date(context.now() + expiresInSeconds * 1000);
  const start = startOf(key);
  await context.database.query(
    `insert into api_keys (id, account_id, name, start, hash, scopes, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, accountId, name, start, keyHash(key), scopes, createdAt, expiresAt],
  );
  return {
    id,
    name,
    start,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: null,
    key,
  };
}
