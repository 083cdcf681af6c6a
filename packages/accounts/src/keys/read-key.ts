import type { Address, RateTier, Role, Scope } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";
import { walletsOf } from "../sessions/find-account.ts";
import { keyHash } from "./key-text.ts";

/** How exactly a key's last use is kept: a write per request would cost more than the request. */
const LAST_USE_MS = 60_000;

interface Row {
  id: string;
  accountId: string;
  wallets: Address[];
  roles: Role[];
  scopes: Scope[];
  tier: RateTier;
  lastUsedAt: number | null;
}

/** Who an API key speaks for: its account, a service account for its owner's wallets; null when it is unknown, revoked or expired. */
export async function readKey(context: AccountsContext, key: string): Promise<Principal | null> {
  const { database } = context;
  const now = context.now();
  const [row] = await database.query<Row>(
    `select api_keys.id, api_keys.account_id as "accountId", accounts.roles, api_keys.scopes, api_keys.tier,
            ${walletsOf("coalesce(accounts.owner_id, accounts.id)")} as wallets, api_keys.last_used_at as "lastUsedAt"
       from api_keys
       join accounts on accounts.id = api_keys.account_id
      where api_keys.hash = $1 and api_keys.expires_at > $2`,
    [keyHash(key), new Date(now)],
  );
  if (!row) return null;
  if (row.lastUsedAt === null || now - row.lastUsedAt >= LAST_USE_MS) {
    await database.query("update api_keys set last_used_at = $2 where id = $1", [row.id, new Date(now)]);
  }
  const { id, accountId, wallets, roles, scopes, tier } = row;
  return {
    accountId,
    address: wallets[0] ?? null,
    wallets,
    roles,
    scopes,
    via: "key",
    sessionId: null,
    key: { id, tier },
  };
}
