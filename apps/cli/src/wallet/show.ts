import { delegateOf, readAddressBook, tokenBalance, tokenInfo, WALLET_DELEGATE_ADDRESS } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import { isAddressEqual } from "viem";
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
  /** Whose code the wallet runs (EIP-7702); null for a plain one. */
  delegate: Address | null;
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
      ["account", holds === null ? undefined : accountOf(holds)],
    ]),
  );
}

function accountOf({ delegate }: Holdings): string {
  if (delegate === null) return "a plain wallet; its first --gasless command delegates it to the market's code";
  if (isAddressEqual(delegate, WALLET_DELEGATE_ADDRESS)) return `delegated to the market's code ${delegate}`;
  return `delegated to ${delegate}, which is not the market's; a --gasless command delegates it anew`;
}

/** Null when nobody says where the chain is, or it is away: an address needs no chain. */
async function holdings(cli: Cli, options: Options, address: Address): Promise<Holdings | null> {
  const { rpcUrl, local } = resolveProfile(options, cli.env, cli.cwd);
  if ((options.rpc ?? rpcUrl ?? local?.rpcUrl ?? null) === null) return null;
  try {
    const { chain, bookFile } = await openRpc(cli, options);
    const [held, code] = await Promise.all([chain.client.getBalance({ address }), chain.client.getCode({ address })]);
    const own = { chainId: chain.chainId, native: held, delegate: delegateOf(code) };
    const token = (await readAddressBook(bookFile))?.contracts.token?.address;
    if (token === undefined) return { ...own, token: null };
    const [amount, info] = await Promise.all([tokenBalance(chain, token, address), tokenInfo(chain, token)]);
    return {
      ...own,
      token: { address: token, amount, money: moneyOf({ token: info }) },
    };
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "chain_unavailable") throw error;
    cli.terminal.note(cli.terminal.err.dim(`What it holds is not known: ${error.message}`));
    return null;
  }
}
