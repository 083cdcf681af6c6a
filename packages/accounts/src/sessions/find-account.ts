import { type Address, type Role, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/** An account as those who speak for it are told of. */
export interface FoundAccount {
  id: string;
  /** Its main wallet; null when it has none. */
  address: Address | null;
  /** All its wallets, the main one first. */
  wallets: Address[];
  roles: Role[];
}

/** SQL for an account's wallets that can hold money, the main one first. */
export const walletsOf = (account: string) =>
  `array(select address from wallets where account_id = ${account} and kind = 'ethereum' order by is_primary desc, created_at, id)`;

/**
 * An account with its wallets.
 * @throws {StoaError} `unauthorized` when it is gone
 */
export async function findAccount(database: Queryable, accountId: string): Promise<FoundAccount> {
  const [account] = await database.query<Omit<FoundAccount, "address">>(
    `select id, roles, ${walletsOf("accounts.id")} as wallets from accounts where id = $1`,
    [accountId],
  );
  if (!account) throw new StoaError("unauthorized", "the account is gone");
  return { ...account, address: account.wallets[0] ?? null };
}
