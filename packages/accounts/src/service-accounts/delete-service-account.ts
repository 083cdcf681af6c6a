import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/**
 * Deletes a service account; its keys are refused from the next request on.
 * @throws {StoaError} `not_found` when the account owns no such one
 */
export async function deleteServiceAccount(
  { database }: AccountsContext,
  { accountId }: Principal,
  id: string,
): Promise<void> {
  const gone = await database.query("delete from accounts where id = $1 and owner_id = $2 returning id", [
    id,
    accountId,
  ]);
  if (gone.length === 0) throw new StoaError("not_found", `the account owns no service account ${id}`);
}
