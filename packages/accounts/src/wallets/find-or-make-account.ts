import { randomUUID } from "node:crypto";
import type { Queryable } from "@stoa/store";
import { placeholderEmail } from "../email/email-text.ts";
import type { Wallet } from "./verify-signature.ts";

/** The account that a wallet is linked to; one of its own when it is linked to none. */
export async function findOrMakeAccount(tx: Queryable, wallet: Wallet, now: number): Promise<string> {
  const { kind, address } = wallet;
  const known = await ownerOf(tx, wallet);
  if (known !== null) return known;
  const accountId = randomUUID();
  const at = new Date(now);
  await tx.query(
    `insert into accounts (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $3, false, $4, $4)`,
    [accountId, address, placeholderEmail(accountId), at],
  );
  const linked = await tx.query(
    `insert into wallets (id, account_id, kind, address, is_primary, created_at) values ($1, $2, $3, $4, true, $5)
     on conflict (kind, address) do nothing returning id`,
    [randomUUID(), accountId, kind, address, at],
  );
  if (linked.length > 0) return accountId;
  // Another sign-in of the wallet was first, at the same moment.
  await tx.query("delete from accounts where id = $1", [accountId]);
  return findOrMakeAccount(tx, wallet, now);
}

/** The account that a wallet is linked to; null when it is none. */
export async function ownerOf(tx: Queryable, { kind, address }: Wallet): Promise<string | null> {
  const [row] = await tx.query<{ account_id: string }>(
    "select account_id from wallets where kind = $1 and address = $2",
    [kind, address],
  );
  return row?.account_id ?? null;
}
