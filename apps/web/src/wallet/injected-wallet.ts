import type { MarketInfo } from "@stoa/protocol";
import { type Config, connect, type Connector, createConfig, getConnection, getWalletClient } from "@wagmi/core";
import { createPublicClient, custom, type EIP1193Provider, http } from "viem";
import { chainOf, type ChainWallet, POLL_MS } from "./chain-wallet.ts";

let opened: { config: Config; chainId: number } | null = null;

/** Finds the browser's wallets as they announce themselves (EIP-6963). */
function openConfig(market: MarketInfo): Config {
  if (opened?.chainId === market.chainId) return opened.config;
  const chain = chainOf(market);
  const config = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(market.rpcUrl) },
    multiInjectedProviderDiscovery: true,
    // What is connected is asked of the wallet each time: a page that remembers may remember wrongly.
    storage: null,
  });
  opened = { config, chainId: market.chainId };
  return config;
}

export interface FoundWallet {
  rdns: string;
  name: string;
  /** A data: URL of its own. */
  icon: string | undefined;
}

/** Tells the wallets there are now and each time that changes. @returns how to stop listening */
export function findWallets(market: MarketInfo, onFound: (wallets: FoundWallet[]) => void): () => void {
  const config = openConfig(market);
  const tell = (connectors: readonly Connector[]) =>
    onFound(connectors.map(({ id, name, icon }) => ({ rdns: id, name, icon })));
  tell(config.connectors);
  return config.subscribe(
    () => config.connectors,
    (connectors) => tell(connectors),
  );
}

/**
 * Connects to one of the browser's wallets, which may ask its owner.
 * @throws {Error} when it is not there, or its owner declines
 */
export async function injectedWallet(market: MarketInfo, rdns: string): Promise<ChainWallet> {
  const config = openConfig(market);
  const connector = config.connectors.find(({ id }) => id === rdns);
  if (!connector) throw new Error(`no wallet ${rdns} in this browser`);
  const { connector: connected } = getConnection(config);
  if (connected?.id !== rdns) await connect(config, { connector, chainId: market.chainId });
  const wallet = await getWalletClient(config, { connector });
  const provider = (await connector.getProvider()) as EIP1193Provider;
  return {
    address: wallet.account.address,
    wallet,
    // The wallet's own view of the chain: it need not be one that the market publishes.
    reads: createPublicClient({ chain: wallet.chain, transport: custom(provider), pollingInterval: POLL_MS }),
  };
}
