import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";

/**
 * Deletes an account's API key, or one of its service accounts'; it is refused from the next request on.
 * @throws {StoaError} `not_found` when the account has no such key
 */
export async function revokeKey(context: AccountsContext, accountId: string, keyId: string): Promise<void> {
  const gone = await context.database.query(
    `delete from api_keys
      where id = $1 and (account_id = $2 or account_id in (select id from accounts where owner_id = $2)) returning id`,
    [keyId, accountId],
  );
  if (gone.length === 0) throw new StoaError("not_found", `the account has no key ${keyId}`);
}
