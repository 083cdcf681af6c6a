import { type MarketInfo, type Signer, StoaError } from "@stoa/protocol";
import type { WalletSigner } from "@stoa/sdk/reader";
import { marketQuery } from "../data/market.ts";
import { queryClient } from "../market/query-client.ts";
import { sessionStore } from "../market/session-store.ts";
import type { ChainWallet } from "./chain-wallet.ts";
import { keptWallet, type WalletKind } from "./wallet-kind.ts";

/** Opens a wallet of a kind. */
export async function walletOf(market: MarketInfo, which: WalletKind): Promise<ChainWallet> {
  if (which.kind === "guest") return (await import("./guest-wallet.ts")).guestWallet(market);
  return (await import("./injected-wallet.ts")).injectedWallet(market, which.rdns);
}

/**
 * Opens the wallet behind the session.
 * @throws {StoaError} `unauthorized` when nobody is signed in, or the wallet shows another account than the session's
 */
export async function openWallet(): Promise<ChainWallet> {
  const market = await queryClient.ensureQueryData(marketQuery);
  const kept = keptWallet();
  const session = sessionStore.read();
  if (!kept || !session) throw new StoaError("unauthorized", "sign in with a wallet first");
  const wallet = await walletOf(market, kept);
  if (wallet.address.toLowerCase() !== session.tokens.account.address?.toLowerCase())
    throw new StoaError(
      "unauthorized",
      `the wallet shows ${wallet.address}, signed in is ${session.tokens.account.address}: switch its account`,
    );
  return wallet;
}

/** What signs the market's messages with a wallet. */
export function signerOf({ address, wallet }: ChainWallet): WalletSigner & Signer {
  return {
    address,
    signTypedData: (definition) => wallet.signTypedData({ ...definition, account: wallet.account }),
    signMessage: ({ message }) => wallet.signMessage({ account: wallet.account, message }),
  };
}
