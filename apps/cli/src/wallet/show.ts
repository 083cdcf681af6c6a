import { readAddressBook, tokenBalance, tokenInfo } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import { privateKeyToAddress } from "viem/accounts";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { type ChainOptions, openRpc } from "../profile/open-rpc.ts";
import { readWalletKey } from "../profile/read-wallet-key.ts";
import { resolveProfile } from "../profile/resolve-profile.ts";
import { native } from "../terminal/native.ts";
import { type Money, moneyOf } from "../terminal/money.ts";
import { fields } from "../terminal/table.ts";

interface Options extends ChainOptions {
  revealKey?: boolean;
}

interface Holdings {
  chainId: number;
  native: bigint;
  /** Null where no address book says which token the market's is. */
  token: { address: Address; amount: bigint; money: Money } | null;
}

export function show(cli: Cli): Command {
  return contractVerb("show", "show your wallet's address, and what it holds on the profile's chain", [
    "stoa wallet show",
    "stoa wallet show --reveal-key",
  ])
    .option("--reveal-key", "print the key itself: whoever sees it has the wallet")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const profile = resolveProfile(options, cli.env, cli.cwd);
  const walletKey = await readWalletKey(profile);
  const address = privateKeyToAddress(walletKey);
  const key = options.revealKey === true ? walletKey : undefined;
  const holds = await holdings(cli, options, address);
  if (cli.json) {
    const token = holds?.token && { address: holds.token.address, amount: holds.token.amount };
    const shown = { address, walletKeyFile: profile.walletKeyFile, ...(key === undefined ? {} : { key }) };
    return terminal.printJson({ ...shown, holds: holds && { ...holds, token } });
  }
  terminal.print(
    fields(terminal.out, [
      ["wallet", terminal.out.bold(address)],
      ["its key", profile.walletKeyFile ?? undefined],
      ["revealed", key],
      ["chain", holds === null ? undefined : String(holds.chainId)],
      ["holds", holds?.token ? holds.token.money.format(holds.token.amount) : undefined],
      ["for gas", holds === null ? undefined : native(holds.native)],
    ]),
  );
}

/** Null when nobody says where the chain is, or it is away: an address needs no chain. */
async function holdings(cli: Cli, options: Options, address: Address): Promise<Holdings | null> {
  const { rpcUrl, local } = resolveProfile(options, cli.env, cli.cwd);
  if ((options.rpc ?? rpcUrl ?? local?.rpcUrl ?? null) === null) return null;
  try {
    const { chain, bookFile } = await openRpc(cli, options);
    const held = await chain.client.getBalance({ address });
    const token = (await readAddressBook(bookFile))?.contracts.token?.address;
    if (token === undefined) return { chainId: chain.chainId, native: held, token: null };
    const [amount, info] = await Promise.all([tokenBalance(chain, token, address), tokenInfo(chain, token)]);
    return {
      chainId: chain.chainId,
      native: held,
      token: { address: token, amount, money: moneyOf({ token: info }) },
    };
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "chain_unavailable") throw error;
    cli.terminal.note(cli.terminal.err.dim(`What it holds is not known: ${error.message}`));
    return null;
  }
}
