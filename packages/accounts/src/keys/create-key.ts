import { randomUUID } from "node:crypto";
import { type KeyRequest, type NewApiKey, type RateTier, rateTiers, StoaError } from "@stoa/protocol";
import { appendAudit, type Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { walletsOf } from "../sessions/find-account.ts";
import { keyHash, newKeyText, startOf } from "./key-text.ts";

const DEFAULT_LIFE_SECONDS = 90 * 86_400;

/**
 * Makes an API key for an account, or a service account that it owns. The answer is the only place the key itself ever
 * stands.
 * @throws {StoaError} `not_found` for a service account of somebody else's, `forbidden` for a tier above the account's, or
 * for the scope `admin` to an account without that role
 */
export async function createKey(context: AccountsContext, accountId: string, request: KeyRequest): Promise<NewApiKey> {
  const { name, scopes, expiresInSeconds = DEFAULT_LIFE_SECONDS, tier = "standard", serviceAccountId = null } = request;
  await requireTier(context, accountId, tier);
  if (serviceAccountId !== null) await requireOwned(context, accountId, serviceAccountId);
  const key = newKeyText();
  const id = randomUUID();
  const createdAt = new Date(context.now());
  const expiresAt = new Date(context.now() + expiresInSeconds * 1000);
  const start = startOf(key);
  await context.database.transaction(async (tx) => {
    if (scopes.includes("admin")) await auditAdminKey(tx, serviceAccountId ?? accountId, id, createdAt.getTime());
    await tx.query(
      `insert into api_keys (id, account_id, name, start, hash, scopes, tier, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, serviceAccountId ?? accountId, name, start, keyHash(key), scopes, tier, createdAt, expiresAt],
    );
  });
  return {
    id,
    name,
    start,
    scopes,
    tier,
    serviceAccountId,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: null,
    key,
  };
}

async function auditAdminKey(tx: Queryable, accountId: string, keyId: string, at: number): Promise<void> {
  const [account] = await tx.query<{ isAdmin: boolean; actor: string | null }>(
    `select 'admin' = any(roles) as "isAdmin",
            (${walletsOf("accounts.id")})[1] as actor
       from accounts where id = $1`,
    [accountId],
  );
  if (!account?.isAdmin) throw new StoaError("forbidden", "a key with the scope admin is for admins");
  const reason = "a key with the scope admin";
  await appendAudit(tx, { actor: account.actor ?? accountId, action: "key.create", subject: keyId, reason, at });
}

async function requireTier({ database }: AccountsContext, accountId: string, tier: RateTier): Promise<void> {
  const [account] = await database.query<{ tier: RateTier }>("select tier from accounts where id = $1", [accountId]);
  if (account && rateTiers.indexOf(tier) <= rateTiers.indexOf(account.tier)) return;
  throw new StoaError("forbidden", `the account's keys may be of the tier ${account?.tier}, not ${tier}`);
}

async function requireOwned({ database }: AccountsContext, accountId: string, id: string): Promise<void> {
  const owned = await database.query("select 1 from accounts where id = $1 and owner_id = $2", [id, accountId]);
  if (owned.length === 0) throw new StoaError("not_found", `the account owns no service account ${id}`);
}
