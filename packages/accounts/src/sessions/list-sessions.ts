import type { SignedInSession } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

interface Row {
  id: string;
  clientAddress: string | null;
  userAgent: string | null;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Where an account is signed in, the last used first. */
export async function listSessions(
  { database, now }: AccountsContext,
  { accountId, sessionId }: Principal,
): Promise<SignedInSession[]> {
  const rows = await database.query<Row>(
    `select id, ip_address as "clientAddress", user_agent as "userAgent", created_at as "createdAt",
            updated_at as "lastUsedAt", expires_at as "expiresAt"
       from sessions where account_id = $1 and expires_at > $2 order by updated_at desc, id`,
    [accountId, new Date(now())],
  );
  return rows.map(({ createdAt, lastUsedAt, expiresAt, ...row }) => ({
    ...row,
    isCurrent: row.id === sessionId,
    createdAt: iso(createdAt),
    lastUsedAt: iso(lastUsedAt),
    expiresAt: iso(expiresAt),
  }));
}
