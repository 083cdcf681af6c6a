import type { MarketInfo } from "@stoa/protocol";
import { createPublicClient, createWalletClient, type Hash, http, type LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { chainOf, type ChainWallet, POLL_MS } from "./chain-wallet.ts";

/** The key of a guest is worth nothing anywhere: it is kept in the clear so that a reload loses no task. */
const KEPT_AS = "stoa.guest";

export function guestAccount(): LocalAccount {
  const key = (localStorage.getItem(KEPT_AS) as Hash | null) ?? generatePrivateKey();
  localStorage.setItem(KEPT_AS, key);
  return privateKeyToAccount(key);
}

export function guestWallet(market: MarketInfo): ChainWallet {
  const account = guestAccount();
  const chain = chainOf(market);
  const transport = http(market.rpcUrl);
  return {
    address: account.address,
    wallet: createWalletClient({ account, chain, transport }),
    reads: createPublicClient({ chain, transport, pollingInterval: POLL_MS }),
  };
}
