import { StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/**
 * Checks, after one was taken away, that something still signs in to an account.
 * @throws {StoaError} `last_identity`, which undoes the transaction
 */
export async function requireAnotherIdentity(tx: Queryable, accountId: string): Promise<void> {
  const left = await tx.query(
    `select 1 from wallets where account_id = $1
     union all select 1 from credentials where account_id = $1
     union all select 1 from passkeys where account_id = $1
     limit 1`,
    [accountId],
  );
  if (left.length === 0)
    throw new StoaError("last_identity", "nothing else signs in to the account: join another way to it first");
}
