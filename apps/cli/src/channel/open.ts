import { randomBytes } from "node:crypto";
import { openChannel } from "@stoa/chain";
import { parseAddress } from "@stoa/protocol";
import type { Command } from "commander";
import { bytesToHex } from "viem";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends ChainOptions {
  signer?: string;
  closeDelay: string;
  expires?: string;
  testMoney?: boolean;
}

export function open(cli: Cli): Command {
  return contractVerb("open", "open a channel to a payee with money from your wallet", [
    "stoa channel open 0xPAYEE 10 --close-delay 1d --test-money",
  ])
    .argument("<payee>", "the address that is paid")
    .argument("<amount>", "how much of the market's token the channel holds")
    .option("--signer <address>", "the key that signs vouchers; your wallet unless said otherwise")
    .option("--close-delay <time>", "how long the payee can still redeem after you asked to close", "1d")
    .option("--expires <time>", "when anyone may close it; never unless said otherwise")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((payee: string, amount: string, _options: unknown, self: Command) =>
      run(cli, { payee, amount }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { payee: string; amount: string }, options: Options): Promise<void> {
  const { terminal } = cli;
  const payee = parseAddress(given.payee, "<payee>");
  const closeDelaySeconds = parseSeconds(options.closeDelay, "--close-delay");
  const lifeSeconds = options.expires === undefined ? null : parseSeconds(options.expires, "--expires");
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const amount = positive(money.parse(given.amount), given.amount);
  const sender = await contracts.sender();
  const signer = options.signer === undefined ? sender.address : parseAddress(options.signer, "--signer");
  await requireInWallet(sender, { token, amount, money, what: "the channel is to hold", testMoney: options.testMoney });
  const expiresAt = lifeSeconds === null ? null : (await chainTime(chain)) + lifeSeconds * 1_000;
  const terms = { payee, token, signer, closeDelaySeconds, expiresAt, salt: bytesToHex(randomBytes(32)) };
  terminal.waiting(`opening a channel of ${money.format(amount)}`);
  const channelId = await openChannel(sender, { channels: at("channels"), amount, terms });
  if (cli.json) {
    const facts = { ...terms, expiresAt: instant(expiresAt) };
    return terminal.printJson({ channelId, payer: sender.address, funds: amount, ...facts });
  }
  terminal.print(`a channel to ${payee} holds ${terminal.out.bold(money.format(amount))}`);
  terminal.print(`${terminal.out.dim("channel")}  ${channelId}`);
  terminal.note(terminal.err.dim(`Pay with it: stoa channel pay ${channelId} <amount>`));
}
