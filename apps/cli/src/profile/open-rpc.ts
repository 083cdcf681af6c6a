import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Chain, connectChain } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Cli, GlobalOptions } from "../cli.ts";
import { type Profile, resolveProfile } from "./resolve-profile.ts";

/** Options of the commands that speak to a chain and to no market. */
export interface ChainOptions extends GlobalOptions {
  rpc?: string;
  chainId?: string;
  book?: string;
}

export interface OpenedRpc {
  chain: Chain;
  profile: Profile;
  /** The address book's file. */
  bookFile: string;
}

/**
 * Connects to the chain that `--rpc` names, or else to the profile's, or to that of the local market it is for. A
 * profile's key is for its own chain: it is left out when another one is named.
 * @throws {StoaError} `invalid_configuration` when nobody says where the chain is, or it is another one
 */
export async function openRpc(cli: Cli, options: ChainOptions): Promise<OpenedRpc> {
  const profile = resolveProfile(options, cli.env, cli.cwd);
  const own = profile.rpcUrl ?? profile.local?.rpcUrl ?? null;
  const rpcUrl = options.rpc ?? own;
  if (rpcUrl === null)
    throw new StoaError(
      "invalid_configuration",
      "no chain is named: give --rpc <address>, or start a local market with npm start",
    );
  const isOwn = rpcUrl === own;
  const isKeyNamed = (options.walletKeyFile ?? cli.env.STOA_WALLET_KEY_FILE) !== undefined;
  const chain = await connectChain({
    rpcUrl,
    ...(options.chainId === undefined ? {} : { expectedChainId: toChainId(options.chainId) }),
  });
  return {
    chain,
    profile: isOwn || isKeyNamed ? profile : { ...profile, walletKeyFile: null },
    bookFile: options.book === undefined ? usualBook(profile, rpcUrl, chain.chainId) : resolve(cli.cwd, options.book),
  };
}

/** The local market's own book when the chain is its, else one per chain in the caller's home. */
function usualBook({ local, home }: Profile, rpcUrl: string, chainId: number): string {
  const isLocal = local !== null && rpcUrl === local.rpcUrl && existsSync(local.bookFile);
  return isLocal ? local.bookFile : join(home, "chains", `${chainId}.json`);
}

function toChainId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new StoaError("invalid_request", `--chain-id must be a positive integer, got ${text}`);
}
