import { deposit as depositToVault, tokenBalance } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openChain } from "../profile/open-chain.ts";
import { openMarket } from "../profile/open-market.ts";
import { mintTestMoney } from "./test-money.ts";

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
  if (options.testMoney) {
    terminal.waiting("making test money");
    await mintTestMoney(sender, { token, amount });
  }
  const holds = await tokenBalance(sender.chain, token, wallet.address);
  if (holds < amount) {
    throw new StoaError(
      "insufficient_funds",
      `the wallet ${wallet.address} holds ${money.format(holds)}, the deposit is ${money.format(amount)}`,
    );
  }
  terminal.waiting(`depositing ${money.format(amount)}`);
  const txHash = await depositToVault(sender, { vault, token, amount });
  if (cli.json) return terminal.printJson({ owner: wallet.address, amount: amount.toString(), txHash });
  terminal.print(`deposited ${terminal.out.bold(money.format(amount))} for ${wallet.address}`);
  terminal.print(`${terminal.out.dim("transaction")}  ${txHash}`);
  terminal.note(terminal.err.dim("It counts once the chain has confirmed it: stoa account balance"));
}

/** @throws {StoaError} `malformed_amount` for zero */
export function positive(amount: bigint, text: string): bigint {
  if (amount > 0n) return amount;
  throw new StoaError("malformed_amount", `expected an amount above zero, got ${text}`);
}
