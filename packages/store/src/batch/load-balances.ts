import type { LedgerAccount } from "@stoa/core";
import type { Queryable } from "../database/database.ts";

/** The balances of these accounts; an account never used is missing, not zero. */
export async function loadBalances(
  tx: Queryable,
  accounts: readonly LedgerAccount[],
): Promise<[LedgerAccount, bigint][]> {
  if (accounts.length === 0) return [];
  const rows = await tx.query<{ account: LedgerAccount; amount: bigint }>(
    "select account, amount from balances where account = any($1::text[])",
    [accounts],
  );
  return rows.map(({ account, amount }) => [account, amount]);
}
