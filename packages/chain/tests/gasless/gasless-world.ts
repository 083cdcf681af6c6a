import { encodeFunctionData, erc20Abi, type Hex, parseEther, type PrivateKeyAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import {
  type Bundler,
  type ChainSender,
  createSender,
  createSponsor,
  directBundler,
  fundPaymaster,
  type Gasless,
  gaslessSender,
  localAccount,
  mintTestDollars,
  type Sponsor,
  type SponsorOptions,
  sponsorsMarket,
  walletAccount,
} from "@stoa/chain";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";

export const DOLLAR = 1_000_000n;

/** A market whose paymaster has ether, and wallets that have none. */
export interface GaslessWorld extends MarketChain {
  /** Our own bundler. */
  direct: Bundler;
  sponsorOf(options?: Partial<SponsorOptions>): Sponsor;
  /** A wallet with test dollars and no ether, and who serves it. */
  poorWallet(dollars: bigint, given?: Partial<Gasless>): Promise<PoorWallet>;
  etherOf(address: Hex): Promise<bigint>;
  chainTimeMs(): Promise<number>;
  /** From now on, what was spent before is of another day. */
  nextDay(): Promise<void>;
}

export interface PoorWallet {
  key: PrivateKeyAccount;
  gasless: Gasless;
  sender: ChainSender;
}

export const freshKey = () => privateKeyToAccount(generatePrivateKey());

export const approving = (to: Hex): Hex =>
  encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [to, 1n] });

export async function startGaslessWorld(): Promise<GaslessWorld> {
  const world = await startMarketChain();
  const { chain, sender, market, operator, anvil } = world;
  await fundPaymaster(sender, { paymaster: market.paymaster, amount: parseEther("5") });
  const direct = directBundler(createSender(chain, localAccount(6)));
  const sponsorOf = (options: Partial<SponsorOptions> = {}) =>
    createSponsor(chain, {
      paymaster: market.paymaster,
      signer: operator,
      sponsors: sponsorsMarket([market.vault, market.nodes, market.channels], market.token),
      budgets: { perAccount: parseEther("1"), perDay: parseEther("2") },
      ...options,
    });
  return {
    ...world,
    direct,
    sponsorOf,
    async poorWallet(dollars, given = {}) {
      const key = freshKey();
      await mintTestDollars(sender, { token: market.token, to: key.address, amount: dollars * DOLLAR });
      const account = await walletAccount(chain, key);
      const gasless: Gasless = { chain, account, bundler: direct, sponsor: sponsorOf(), ...given };
      return { key, gasless, sender: gaslessSender(gasless) };
    },
    etherOf: (address) => chain.client.getBalance({ address }),
    chainTimeMs: async () => Number((await chain.client.getBlock()).timestamp) * 1_000,
    async nextDay() {
      await callAnvil(anvil, "evm_increaseTime", [86_400]);
      await callAnvil(anvil, "evm_mine");
    },
  };
}
