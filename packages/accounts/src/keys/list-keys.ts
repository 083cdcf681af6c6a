import type { ApiKey, RateTier, Scope } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";

interface Row {
  id: string;
  name: string;
  start: string;
  scopes: Scope[];
  tier: RateTier;
  serviceAccountId: string | null;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | null;
}

/** An account's API keys and those of its service accounts, the newest first, without the keys themselves. */
export async function listKeys(context: AccountsContext, accountId: string): Promise<ApiKey[]> {
  const rows = await context.database.query<Row>(
    `select id, name, start, scopes, tier, nullif(account_id, $1) as "serviceAccountId", created_at as "createdAt",
            expires_at as "expiresAt", last_used_at as "lastUsedAt"
       from api_keys where account_id = $1 or account_id in (select id from accounts where owner_id = $1)
      order by created_at desc, id`,
    [accountId],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt).toISOString(),
    expiresAt: new Date(row.expiresAt).toISOString(),
    lastUsedAt: row.lastUsedAt === null ? null : new Date(row.lastUsedAt).toISOString(),
  }));
}
