import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import {
  type AddressBook,
  type Anvil,
  type Chain,
  type ChainSender,
  connectChain,
  createSender,
  deployMarket,
  localAccount,
  mintTestDollars,
  startAnvil,
  type VaultParameters,
} from "@stoa/chain";
import type { Address, Hash, SigningDomain } from "@stoa/protocol";

/** A local chain with a market's contracts on it, and the accounts that run the market. */
export interface MarketChain extends AsyncDisposable {
  anvil: Anvil;
  chain: Chain;
  market: AddressBook;
  domain: SigningDomain;
  parameters: VaultParameters;
  operator: LocalAccount;
  arbiter: LocalAccount;
  feeRecipient: Address;
  faultPool: Address;
  /** Sends the operator's transactions. */
  sender: ChainSender;
  /** A fresh account with gas and test dollars in its wallet. */
  fundedAccount(dollars: bigint): Promise<{ account: LocalAccount; sender: ChainSender }>;
}

export interface MarketChainOptions {
  blockTimeSeconds?: number;
  parameters?: Partial<VaultParameters>;
}

/** Starts a chain of its own for one test and deploys the contracts on it; every key but the chain's own is fresh. */
export async function startMarketChain(options: MarketChainOptions = {}): Promise<MarketChain> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-chain-"));
  const { blockTimeSeconds } = options;
  const anvil = await startAnvil(blockTimeSeconds === undefined ? {} : { blockTimeSeconds });
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const [operator, arbiter] = [localAccount(0), localAccount(1)];
  const [feeRecipient, faultPool] = [localAccount(2).address, localAccount(3).address];
  const parameters: VaultParameters = {
    operator: operator.address,
    arbiter: arbiter.address,
    feeRecipient,
    faultPool,
    feeBps: 200,
    challengeBondBps: 1_000,
    withdrawDelay: 7_200,
    challengeWindow: 3_600,
    ...options.parameters,
  };
  const sender = createSender(chain, operator);
  const market = await deployMarket({ sender, parameters, bookFile: join(folder, "market.json") });
  return {
    anvil,
    chain,
    market,
    domain: { chainId: chain.chainId, vault: market.vault },
    parameters,
    operator,
    arbiter,
    feeRecipient,
    faultPool,
    sender,
    fundedAccount: (dollars) => fundedAccount(anvil, chain, sender, market.token, dollars),
    async [Symbol.asyncDispose]() {
      await anvil.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fundedAccount(anvil: Anvil, chain: Chain, minter: ChainSender, token: Address, dollars: bigint) {
  const account = privateKeyToAccount(`0x${randomBytes(32).toString("hex")}` satisfies Hash);
  await callAnvil(anvil, "anvil_setBalance", [account.address, "0x56bc75e2d63100000"]);
  await mintTestDollars(minter, { token, to: account.address, amount: dollars * 1_000_000n });
  return { account, sender: createSender(chain, account) };
}

/** Calls one of the local chain's own methods, such as `evm_mine`, `evm_increaseTime` or `anvil_reorg`. */
export async function callAnvil(anvil: Anvil, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(anvil.rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}
