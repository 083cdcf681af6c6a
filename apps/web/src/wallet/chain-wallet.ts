import type { MarketInfo } from "@stoa/protocol";
import type { Account, Address, PublicClient, Transport, WalletClient } from "viem";
import { type Chain, defineChain } from "viem";

/** A wallet that can sign and send, and eyes on its chain. */
export interface ChainWallet {
  address: Address;
  wallet: WalletClient<Transport, Chain, Account>;
  reads: PublicClient;
}

/** Where reading a receipt is tried again. */
export const POLL_MS = 400;

/** The market's chain, as wallets want it described. */
export function chainOf({ chainId, rpcUrl }: MarketInfo): Chain {
  return defineChain({
    id: chainId,
    name: chainId === 31_337 ? "Stoa local" : `Chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: rpcUrl === undefined ? [] : [rpcUrl] } },
  });
}
