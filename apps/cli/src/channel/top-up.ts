import { channelOf, topUpChannel } from "@stoa/chain";
import { parseHash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends ChainOptions {
  testMoney?: boolean;
}

export function topUp(cli: Cli): Command {
  return contractVerb("top-up", "add money from your wallet to an open channel", ["stoa channel top-up 0xCHANNEL 5"])
    .argument("<channel>", "the channel's id")
    .argument("<amount>", "how much to add")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((channel: string, amount: string, _options: unknown, self: Command) =>
      run(cli, { channel, amount }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { channel: string; amount: string }, options: Options): Promise<void> {
  const channelId = parseHash(given.channel, "<channel>");
  const { chain, at, moneyIn, ...contracts } = await openContracts(cli, options);
  const { token, state, payer } = await channelOf(chain, at("channels"), channelId);
  if (state !== "open") throw new StoaError("wrong_state", `channel ${channelId} is ${state}: open another one`);
  const money = await moneyIn(token);
  const amount = positive(money.parse(given.amount), given.amount);
  const sender = await contracts.sender();
  // What is not redeemed goes back to the payer, whoever paid it in.
  if (sender.address !== payer)
    throw new StoaError("forbidden", `channel ${channelId} is ${payer}'s, the wallet is ${sender.address}`);
  await requireInWallet(sender, { token, amount, money, what: "the channel is to get", testMoney: options.testMoney });
  cli.terminal.waiting(`adding ${money.format(amount)}`);
  const txHash = await topUpChannel(sender, { channels: at("channels"), channelId, amount });
  const { funds } = await channelOf(chain, at("channels"), channelId);
  tellSent(cli, {
    text: `added ${money.format(amount)}: the channel had ${money.format(funds)} paid in so far`,
    txHash,
    facts: { channelId, amount, funds },
  });
}
