import { randomBytes } from "node:crypto";
import {
  awaitOperation,
  type Chain,
  type ChainSender,
  createSender,
  gaslessSender,
  mintTestDollars,
  rpcSponsor,
  walletAccount,
} from "@stoa/chain";
import { privateKeyOf, wallets } from "@stoa/local";
import type { Address, Hash } from "@stoa/protocol";
import { type Database, openDatabase } from "@stoa/store";
import { callAnvil, startPostgres } from "@stoa/testkit";
import { type LocalAccount, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type BootedMarket, bootMarket } from "../boot-market.ts";
import { patientClient } from "../requester.ts";
import { CONFIRMATIONS, openWeather, type Weather } from "./weather.ts";

export const DOLLAR = 1_000_000n;
export const DAY = 86_400;
export const LONGER_THAN_THE_STORY = 86_400;
const ETHER = "0xde0b6b3a7640000";
/** Longer than all the time the story lets pass, so that orders signed by the wall's clock stay good on chain. */
const WITHDRAW_DELAY = 60 * DAY;

/** Somebody of the story. Whatever it does on chain goes through its sender, whoever pays the gas. */
export interface Person {
  readonly address: Address;
  /** Signs orders, acceptances and vouchers. */
  readonly signer: LocalAccount;
  /** Sends what it does on chain. */
  readonly sender: ChainSender;
}

/** A whole market in processes, and the people of the story around it. */
export interface Story extends AsyncDisposable {
  readonly booted: BootedMarket;
  /** Whether the market's server pays and brings all that people send. */
  readonly isGasless: boolean;
  readonly database: Database;
  readonly weather: Weather;
  /** How long the server gathers settlements from its next start on, in seconds. */
  gatherSeconds: number;
  readonly requester: Person;
  readonly creator: Person;
  /** Stands with its stake behind the market's first node. */
  readonly provider: Person;
  readonly arbitrators: readonly Person[];
  /** Everybody above, and every newcomer. */
  readonly people: readonly Person[];
  /** A stranger with test dollars, and with gas where people pay for their own. */
  newcomer(dollars: bigint): Promise<Person>;
  /** Lets time pass on chain. */
  later(seconds: number): Promise<void>;
  /** The chain's time, in seconds. */
  now(): Promise<number>;
}

/**
 * Starts the market on PostgreSQL, with people that have money.
 * @param options.isGasless nobody has a wei: the market's server pays and brings all that they send
 */
export async function openStory({ isGasless = false } = {}): Promise<Story> {
  await using starting = new AsyncDisposableStack();
  const postgres = starting.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase("market");
  const settings = { gatherSeconds: LONGER_THAN_THE_STORY };
  const booted = starting.use(
    await bootMarket({
      databaseUrl,
      isChainFleeting: true,
      withdrawDelaySeconds: WITHDRAW_DELAY,
      serverEnv: { STOA_CHAIN_CONFIRMATIONS: String(CONFIRMATIONS) },
      serverEnvOf: () => ({ STOA_SETTLE_SECONDS: String(settings.gatherSeconds) }),
    }),
  );
  const database = starting.use(await openDatabase({ url: databaseUrl }));
  const { anvil, chain, book } = booted.market;
  const weather = openWeather(anvil, chain);
  const open = isGasless ? gaslessly : senderOf;
  const people: Person[] = [];
  const person = async (key: Hash): Promise<Person> => {
    const signer = privateKeyToAccount(key);
    await callAnvil(anvil, "anvil_setBalance", [signer.address, isGasless ? "0x0" : ETHER]);
    const sender = await open({ chain, url: booted.market.url, signer, weather });
    const someone = { address: signer.address, signer, sender };
    people.push(someone);
    return someone;
  };
  const minter = weather.over(createSender(chain, wallets.treasury));
  const give = (to: Address, dollars: bigint) =>
    mintTestDollars(minter, { token: book.token, to, amount: dollars * DOLLAR });
  const newcomer = async (dollars: bigint) => {
    const someone = await person(freshKey());
    await give(someone.address, dollars);
    return someone;
  };
  const requester = await person(isGasless ? freshKey() : privateKeyOf(wallets.requester));
  await give(requester.address, 1_000n);
  const provider = await person(privateKeyOf(wallets.providers[0]!));
  await give(provider.address, 100n);
  const creator = await person(privateKeyOf(wallets.creator));
  const arbitrators: Person[] = [];
  for (let i = 0; i < 4; i += 1) arbitrators.push(await newcomer(40n));
  const running = starting.move();
  return {
    booted,
    isGasless,
    database,
    weather,
    get gatherSeconds() {
      return settings.gatherSeconds;
    },
    set gatherSeconds(seconds) {
      settings.gatherSeconds = seconds;
    },
    requester,
    creator,
    provider,
    arbitrators,
    people,
    newcomer,
    async later(seconds) {
      await callAnvil(anvil, "evm_increaseTime", [seconds]);
      await weather.mine(1);
    },
    now: async () => Number((await chain.client.getBlock()).timestamp),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const freshKey = () => `0x${randomBytes(32).toString("hex")}` satisfies Hash;

interface Wallet {
  chain: Chain;
  weather: Weather;
  url: string;
  signer: PrivateKeyAccount;
}

/** Nothing is final for a sender before every reorganisation is over that could still undo it. */
async function senderOf({ chain, signer, weather }: Wallet): Promise<ChainSender> {
  return weather.over(createSender(chain, signer, { confirmations: 4 * CONFIRMATIONS }));
}

async function gaslessly({ chain, url, signer, weather }: Wallet): Promise<ChainSender> {
  const { gasless: bundler } = patientClient(url, signer);
  const account = await walletAccount(chain, signer);
  const sender = gaslessSender({ chain, account, bundler, sponsor: rpcSponsor(chain.chainId, bundler) });
  return weather.over(sender, async (operation) => (await awaitOperation({ bundler }, operation)).txHash);
}
