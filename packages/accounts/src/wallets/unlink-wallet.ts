import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { requireAnotherIdentity } from "../identities/require-another-identity.ts";
import type { Principal } from "../principal.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";

/**
 * Unlinks a wallet: it signs in to this account no more, and what it owns in the market is its own alone. When it was
 * the main one, the wallet linked the longest takes its place.
 * @throws {StoaError} `not_found`, `sign_in_again`, `last_identity` when nothing else signs in to the account
 */
export async function unlinkWallet(context: AccountsContext, principal: Principal, walletId: string): Promise<void> {
  const { database, liveSessions } = context;
  const { accountId } = principal;
  await requireFreshSignIn(context, principal);
  await database.transaction(async (tx) => {
    await tx.query("select id from accounts where id = $1 for update", [accountId]);
    const gone = await tx.query("delete from wallets where id = $1 and account_id = $2 returning id", [
      walletId,
      accountId,
    ]);
    if (gone.length === 0) throw new StoaError("not_found", `the account has no wallet ${walletId}`);
    await requireAnotherIdentity(tx, accountId);
    await tx.query(
      `update wallets set is_primary = true
        where id = (select id from wallets where account_id = $1 and kind = 'ethereum' order by created_at, id limit 1)
          and not exists (select 1 from wallets where account_id = $1 and kind = 'ethereum' and is_primary)`,
      [accountId],
    );
  });
  liveSessions.forget(accountId);
}
