import { randomUUID } from "node:crypto";
import { MAX_SERVICE_ACCOUNTS, type ServiceAccount, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { placeholderEmail } from "../email/email-text.ts";
import type { Principal } from "../principal.ts";

/**
 * Makes an account for a program. Nobody signs in to it: it acts by keys that its owner makes for it, for its owner's
 * wallets, and has none of its owner's roles.
 * @throws {StoaError} `too_many_of_these`
 */
export async function createServiceAccount(
  { database, now }: AccountsContext,
  { accountId }: Principal,
  name: string,
): Promise<ServiceAccount> {
  const id = randomUUID();
  const at = new Date(now());
  await database.transaction(async (tx) => {
    await tx.query("select id from accounts where id = $1 for update", [accountId]);
    const made = await tx.query(
      `insert into accounts (id, name, email, email_verified, owner_id, created_at, updated_at)
       select $1, $2, $3, false, $4, $5, $5
        where (select count(*) from accounts where owner_id = $4) < $6 returning id`,
      [id, name, placeholderEmail(id), accountId, at, MAX_SERVICE_ACCOUNTS],
    );
    if (made.length === 0)
      throw new StoaError("too_many_of_these", `an account has at most ${MAX_SERVICE_ACCOUNTS} service accounts`);
  });
  return { id, name, createdAt: at.toISOString() };
}
