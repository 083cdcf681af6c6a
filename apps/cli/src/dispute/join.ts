import { arbitratorOf, stakeInCourt } from "@stoa/chain";
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

export function join(cli: Cli): Command {
  return contractVerb("join", "become an arbitrator: disputes draw you in proportion to your stake", [
    "stoa dispute join 40 --test-money",
  ])
    .argument("<amount>", "how much to stake, of the market's token")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((amount: string, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const amount = positive(money.parse(text), text);
  const sender = await contracts.sender();
  await requireInWallet(sender, { token, amount, money, what: "the stake is", testMoney: options.testMoney });
  cli.terminal.waiting(`staking ${money.format(amount)}`);
  const txHash = await stakeInCourt(sender, { court: at("court"), token, amount });
  const { staked } = await arbitratorOf(chain, at("court"), sender.address);
  tellSent(cli, {
    text: `${sender.address} can be drawn by ${cli.terminal.out.bold(money.format(staked))}`,
    txHash,
    facts: { arbitrator: sender.address, amount, staked },
    hint: "Whoever is drawn and stays silent loses stake: look at your disputes, or decline them",
  });
}
