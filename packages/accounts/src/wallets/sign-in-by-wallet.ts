import type { SessionTokens } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Client } from "../sessions/client.ts";
import { startSession } from "../sessions/start-session.ts";
import { findOrMakeAccount } from "./find-or-make-account.ts";
import { proveWallet } from "./prove-wallet.ts";

/**
 * Signs a wallet in by its message and signature. The first sign-in of a wallet makes its account.
 * @throws {StoaError} `unauthorized` for a wrong signature, a nonce that is unknown, used or expired, or a message for another market
 */
export async function signInByWallet(
  context: AccountsContext,
  signed: { message: string; signature: `0x${string}` },
  client: Client,
): Promise<SessionTokens> {
  const wallet = await proveWallet(context, signed, { use: "sign-in" });
  return context.database.transaction(async (tx) => {
    const accountId = await findOrMakeAccount(tx, wallet, context.now());
    return startSession(context, tx, { accountId, client });
  });
}
