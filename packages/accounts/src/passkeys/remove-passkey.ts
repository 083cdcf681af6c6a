import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { requireAnotherIdentity } from "../identities/require-another-identity.ts";
import type { Principal } from "../principal.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";

/**
 * Removes a device's key: it signs in no more.
 * @throws {StoaError} `not_found`, `sign_in_again`, `last_identity`
 */
export async function removePasskey(context: AccountsContext, principal: Principal, id: string): Promise<void> {
  const { database } = context;
  const { accountId } = principal;
  await requireFreshSignIn(context, principal);
  await database.transaction(async (tx) => {
    await tx.query("select id from accounts where id = $1 for update", [accountId]);
    const gone = await tx.query("delete from passkeys where id = $1 and account_id = $2 returning id", [id, accountId]);
    if (gone.length === 0) throw new StoaError("not_found", `the account has no passkey ${id}`);
    await requireAnotherIdentity(tx, accountId);
  });
}
