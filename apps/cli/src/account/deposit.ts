import { deposit as depositToVault } from "@stoa/chain";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { openChain } from "../profile/open-chain.ts";
import { openMarket } from "../profile/open-market.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends GlobalOptions {
  testMoney?: boolean;
}

export function deposit(cli: Cli): Command {
  return new Command("deposit")
    .description("move money from your wallet into the market's vault")
    .argument("<amount>", "how much of the market's token, such as 5 or 0.25")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .addHelpText("after", "\nExample: stoa account deposit 5 --test-money")
    .action((amount: string, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const market = await openMarket(cli, options, "anyone");
  const { money } = market;
  const amount = positive(money.parse(text), text);
  const { sender, wallet, vault, token } = await openChain(market);
  await requireInWallet(sender, { token, amount, money, what: "the deposit is", testMoney: options.testMoney });
  terminal.waiting(`depositing ${money.format(amount)}`);
  const txHash = await depositToVault(sender, { vault, token, amount });
  tellSent(cli, {
    text: `deposited ${terminal.out.bold(money.format(amount))} for ${wallet.address}`,
    txHash,
    facts: { owner: wallet.address, amount },
    hint: "It counts once the chain has confirmed it: stoa account balance",
  });
}
