import { marketQuery } from "../data/market.ts";
import { connection, wholeClient } from "../market/connection.ts";
import { queryClient } from "../market/query-client.ts";
import { signerOf, walletOf } from "./open-wallet.ts";
import { keepWallet, type WalletKind } from "./wallet-kind.ts";

/** Signs in with a wallet (EIP-4361), which asks its owner to sign the message. */
export async function signIn(which: WalletKind): Promise<void> {
  const market = await queryClient.ensureQueryData(marketQuery);
  const signer = signerOf(await walletOf(market, which));
  // Before the session, so that whoever hears of that finds the wallet.
  keepWallet(which);
  await connection.credentials.signIn(signer);
}

/** Ends the session here and at the market. A guest's key stays: its money would be lost. */
export async function signOut(): Promise<void> {
  const client = await wholeClient();
  await client.auth.signOut().catch(() => connection.credentials.forget());
  keepWallet(null);
  queryClient.removeQueries({ queryKey: ["account"] });
  await queryClient.invalidateQueries();
}
