import type { ServiceAccount } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/** The service accounts that an account owns, the newest first. */
export async function listServiceAccounts(
  { database }: AccountsContext,
  { accountId }: Principal,
): Promise<ServiceAccount[]> {
  const rows = await database.query<{ id: string; name: string; createdAt: number }>(
    `select id, name, created_at as "createdAt" from accounts where owner_id = $1 order by created_at desc, id`,
    [accountId],
  );
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: new Date(createdAt).toISOString() }));
}
