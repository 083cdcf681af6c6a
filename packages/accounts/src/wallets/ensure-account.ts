import { type Address, parseAddress, type SignedIn } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { findAccount } from "../sessions/find-account.ts";
import { findOrMakeAccount } from "./find-or-make-account.ts";

/**
 * The account of a wallet, made when there is none: for an operator who prepares accounts without their signature.
 * Nobody is signed in by this.
 */
export async function ensureAccount({ database, now }: AccountsContext, wallet: Address): Promise<SignedIn> {
  return database.transaction(async (tx) => {
    const accountId = await findOrMakeAccount(tx, { kind: "ethereum", address: parseAddress(wallet) }, now());
    const { id, address, roles } = await findAccount(tx, accountId);
    return { id, address, roles };
  });
}
