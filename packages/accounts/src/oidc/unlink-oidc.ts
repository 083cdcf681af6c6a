import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { PASSWORD_PROVIDER } from "../email/find-password.ts";
import { requireAnotherIdentity } from "../identities/require-another-identity.ts";
import type { Principal } from "../principal.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";

/**
 * Unlinks whom a site vouches for: they sign in to this account no more.
 * @param id the link's own
 * @throws {StoaError} `not_found`, `sign_in_again`, `last_identity`
 */
export async function unlinkOidc(context: AccountsContext, principal: Principal, id: string): Promise<void> {
  const { database } = context;
  const { accountId } = principal;
  await requireFreshSignIn(context, principal);
  await database.transaction(async (tx) => {
    await tx.query("select id from accounts where id = $1 for update", [accountId]);
    const gone = await tx.query(
      "delete from credentials where id = $1 and account_id = $2 and provider_id <> $3 returning id",
      [id, accountId, PASSWORD_PROVIDER],
    );
    if (gone.length === 0) throw new StoaError("not_found", `the account has no such link ${id}`);
    await requireAnotherIdentity(tx, accountId);
  });
}
