import { type Role, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/**
 * Who a caller is by the database's word of this moment: its roles as they are now, its session still there. What this
 * process knows of a session may be seconds old.
 * @throws {StoaError} `unauthorized` when the session has ended
 */
export async function confirmPrincipal({ database }: AccountsContext, principal: Principal): Promise<Principal> {
  const [account] = await database.query<{ roles: Role[] }>(
    `select roles from accounts
      where id = $1 and ($2::text is null or exists (select 1 from sessions where id = $2 and account_id = $1))`,
    [principal.accountId, principal.sessionId],
  );
  if (!account) throw new StoaError("unauthorized", "the session has ended: sign in again");
  return { ...principal, roles: account.roles };
}
