import { join } from "node:path";
import {
  type AddressBook,
  type Anvil,
  type Chain,
  type ChainSender,
  connectChain,
  createSender,
  deployMarket,
  fileJournal,
  startAnvil,
  type TransactionSigner,
} from "@stoa/chain";
import { type NodeHome, prepareNodeHome } from "@stoa/host";
import { fundGas, fundNode, fundRequester, type Funding } from "./fund-accounts.ts";
import type { LocalNode, LocalOptions } from "./options.ts";
import { wallets } from "./wallets.ts";

const BLOCK_SECONDS = 0.25;
const WITHDRAW_DELAY_SECONDS = 86_400;
const CHALLENGE_WINDOW_SECONDS = 60;
const FEE_BPS = 250;
const CHALLENGE_BOND_BPS = 500;

/** A local chain with a market's contracts. */
export interface LocalChain {
  anvil: Anvil;
  chain: Chain;
  book: AddressBook;
  /** The one sender of a wallet: what it sends is written down beside the chain's state. */
  senderOf(wallet: TransactionSigner): ChainSender;
}

/** Starts the local chain on its saved state, and deploys what it does not have yet. */
export async function startChain(options: LocalOptions, onStep: (text: string) => void): Promise<LocalChain> {
  onStep("starting the local chain");
  const anvil = await startAnvil({
    ...(options.isChainFleeting ? {} : { stateFile: join(options.dataFolder, "chain", "state.json") }),
    blockTimeSeconds: BLOCK_SECONDS,
  });
  try {
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    onStep("deploying the contracts");
    const senderOf = openSenders(options, chain);
    return { anvil, chain, book: await deploy(options, senderOf(wallets.operator)), senderOf };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

function openSenders({ dataFolder }: LocalOptions, chain: Chain): LocalChain["senderOf"] {
  const senders = new Map<string, ChainSender>();
  return (wallet) => {
    const { address } = wallet;
    const journal = fileJournal(join(dataFolder, "chain", "sent", `${address}.json`));
    const sender = senders.get(address) ?? createSender(chain, wallet, { journal });
    senders.set(address, sender);
    return sender;
  };
}

function deploy(options: LocalOptions, sender: ChainSender): Promise<AddressBook> {
  return deployMarket({
    sender,
    bookFile: join(options.dataFolder, "chain", "addresses.json"),
    parameters: {
      operator: wallets.operator.address,
      arbiter: wallets.arbiter.address,
      feeRecipient: wallets.treasury.address,
      faultPool: wallets.arbiter.address,
      feeBps: FEE_BPS,
      challengeBondBps: CHALLENGE_BOND_BPS,
      withdrawDelay: options.withdrawDelaySeconds ?? WITHDRAW_DELAY_SECONDS,
      challengeWindow: options.challengeWindowSeconds ?? CHALLENGE_WINDOW_SECONDS,
    },
  });
}

/** A node with its key and link, and the wallet that stands behind it. */
export interface LocalNodeHome {
  node: LocalNode;
  home: NodeHome;
  provider: (typeof wallets.providers)[number];
}

/** Gives every node a key and its provider's link. */
export function prepareNodes(options: LocalOptions, { chain, book }: LocalChain): Promise<LocalNodeHome[]> {
  return Promise.all(
    options.nodes.map(async (node, index) => {
      const provider = wallets.providers[index % wallets.providers.length] ?? wallets.operator;
      const domain = { chainId: chain.chainId, vault: book.vault };
      const folder = join(options.dataFolder, "nodes", node.name);
      return { node, provider, home: await prepareNodeHome(folder, { provider, domain, now: Date.now() }) };
    }),
  );
}

/**
 * Funds the demo account and the paymaster and stakes for the nodes, where that was not done before.
 * @returns whether the demo account got a deposit
 */
export async function fundAll(
  { chain, book, senderOf }: LocalChain,
  homes: readonly LocalNodeHome[],
): Promise<boolean> {
  const funding: Funding = {
    chain,
    vault: book.vault,
    nodes: book.nodes,
    token: book.token,
    senderOf,
    minter: senderOf(wallets.operator),
  };
  // A stake is drawn from its provider's allowance: nodes of one provider stake one after another.
  const byProvider = Map.groupBy(homes, ({ provider }) => provider.address);
  const [deposited] = await Promise.all([
    fundRequester(funding, wallets.requester),
    fundGas(funding.minter, book.paymaster),
    ...[...byProvider.values()].map(async (own) => {
      for (const { home, provider } of own) await fundNode(funding, provider, home.node);
    }),
  ]);
  return deposited;
}
