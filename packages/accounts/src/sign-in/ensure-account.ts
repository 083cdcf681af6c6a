import { randomUUID } from "node:crypto";
import { type Address, parseAddress, type SignedIn } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { findAccount } from "../sessions/find-account.ts";

/**
 * The account of a wallet, made when there is none: for an operator who prepares accounts without their signature.
 * Nobody is signed in by this.
 */
export async function ensureAccount(context: AccountsContext, wallet: Address): Promise<SignedIn> {
  const address = parseAddress(wallet);
  const { database, library, chainId, now } = context;
  const known = await findByWallet(context, address);
  if (known) return known;
  const { internalAdapter } = await library.$context;
  const user = await internalAdapter.createUser(
    { name: address, email: `${address.toLowerCase()}@siwe.placeholder.invalid`, emailVerified: false },
    { method: "siwe" },
  );
  await database.query(
    `insert into wallets (id, account_id, address, chain_id, is_primary, created_at)
     values ($1, $2, $3, $4, true, $5)`,
    [randomUUID(), user.id, address, chainId, new Date(now())],
  );
  return findAccount(database, user.id);
}

async function findByWallet(context: AccountsContext, address: Address): Promise<SignedIn | undefined> {
  const [row] = await context.database.query<{ account_id: string }>(
    "select account_id from wallets where address = $1 order by is_primary desc limit 1",
    [address],
  );
  return row && findAccount(context.database, row.account_id);
}
