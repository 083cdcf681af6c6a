import { createClient, type StoaClient } from "@stoa/sdk";
import type { MarketInfo } from "@stoa/protocol";
import type { PrivateKeyAccount } from "viem";
import type { Cli, GlobalOptions } from "../cli.ts";
import { type Money, moneyOf } from "../terminal/money.ts";
import { readWallet } from "./read-wallet.ts";
import { type Profile, resolveProfile } from "./resolve-profile.ts";

/**
 * As whom a command speaks: "anyone" reads what is public, "account" takes the API key or else the wallet,
 * "wallet" signs in with the wallet itself.
 */
export type Speaker = "anyone" | "account" | "wallet";

/** The market a command speaks to. */
export interface OpenedMarket {
  client: StoaClient;
  info: MarketInfo;
  money: Money;
  profile: Profile;
  /** @throws {StoaError} `invalid_configuration` when the profile has none */
  wallet(): Promise<PrivateKeyAccount>;
}

/**
 * Opens the profile's market and reads its terms.
 * @throws {StoaError} `invalid_configuration`, `server_unavailable`
 */
export async function openMarket(cli: Cli, options: GlobalOptions, as: Speaker): Promise<OpenedMarket> {
  const profile = resolveProfile(options, cli.env, cli.cwd);
  const client = createClient({ url: profile.url, ...(await credentialsOf(profile, as)) });
  const info = await client.market.info();
  return { client, info, money: moneyOf(info), profile, wallet: () => readWallet(profile) };
}

async function credentialsOf(profile: Profile, as: Speaker) {
  if (as === "anyone") return {};
  if (as === "account" && profile.apiKey !== null) return { apiKey: profile.apiKey };
  return { signer: await readWallet(profile) };
}
