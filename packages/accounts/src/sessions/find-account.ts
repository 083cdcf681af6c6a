import { type SignedIn, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/**
 * An account with its first wallet.
 * @throws {StoaError} `unauthorized` when it is gone or has no wallet
 */
export async function findAccount(database: Queryable, accountId: string): Promise<SignedIn> {
  const [account] = await database.query<SignedIn>(
    `select accounts.id, wallets.address, accounts.roles
       from accounts join wallets on wallets.account_id = accounts.id
      where accounts.id = $1
      order by wallets.is_primary desc, wallets.created_at limit 1`,
    [accountId],
  );
  if (!account) throw new StoaError("unauthorized", "the account is gone");
  return account;
}
