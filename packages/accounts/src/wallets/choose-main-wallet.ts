import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/**
 * Makes a linked wallet the one whose money the account moves and shows.
 * @throws {StoaError} `not_found` when the account has no such wallet, or it is of a kind that holds no money here
 */
export async function chooseMainWallet(
  { database, liveSessions }: AccountsContext,
  { accountId }: Principal,
  walletId: string,
): Promise<void> {
  const chosen = await database.query<{ id: string; is_primary: boolean }>(
    `update wallets set is_primary = (id = $2)
      where account_id = $1 and exists
            (select 1 from wallets where id = $2 and account_id = $1 and kind = 'ethereum')
      returning id`,
    [accountId, walletId],
  );
  if (chosen.length === 0) throw new StoaError("not_found", `the account has no wallet ${walletId} that holds money`);
  liveSessions.forget(accountId);
}
