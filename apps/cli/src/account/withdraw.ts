import { completeWithdrawal, requestWithdrawal, vaultBalance } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { requireTime } from "../contracts/require-time.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { openChain } from "../profile/open-chain.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { instant } from "../terminal/instant.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends GlobalOptions {
  complete?: boolean;
}

export function withdraw(cli: Cli): Command {
  return new Command("withdraw")
    .description("take money out of the vault: ask first, complete it once the market's delay has passed")
    .argument("[amount]", "how much to ask for")
    .option("--complete", "pay what waited its delay out to your wallet")
    .addHelpText("after", "\nExample: stoa account withdraw 2.5\n         stoa account withdraw --complete")
    .action((amount: string | undefined, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, amount: string | undefined, options: Options): Promise<void> {
  if ((amount === undefined) !== (options.complete === true)) {
    throw new StoaError("invalid_request", "expected either an amount to ask for, or --complete");
  }
  const market = await openMarket(cli, options, "anyone");
  await (amount === undefined ? complete(cli, market) : request(cli, market, amount));
}

async function request(cli: Cli, market: OpenedMarket, text: string): Promise<void> {
  const { terminal } = cli;
  const { money } = market;
  const amount = positive(money.parse(text), text);
  const { sender, wallet, vault, token } = await openChain(market);
  const { available } = await vaultBalance(sender.chain, vault, wallet.address, token);
  if (available < amount) {
    throw new StoaError(
      "insufficient_funds",
      `the vault holds ${money.format(available)} for ${wallet.address}, asked for were ${money.format(amount)}`,
    );
  }
  const txHash = await requestWithdrawal(sender, { vault, token, amount });
  const { unlocksAt } = await vaultBalance(sender.chain, vault, wallet.address, token);
  const from = instant(unlocksAt);
  tellSent(cli, {
    text: `asked for ${terminal.out.bold(money.format(amount))}; it can be completed from ${from}`,
    txHash,
    facts: { owner: wallet.address, amount, unlocksAt: from },
  });
}

async function complete(cli: Cli, market: OpenedMarket): Promise<void> {
  const { terminal } = cli;
  const { money } = market;
  const { sender, wallet, vault, token } = await openChain(market);
  const { withdrawing, unlocksAt } = await vaultBalance(sender.chain, vault, wallet.address, token);
  if (withdrawing === 0n) throw new StoaError("wrong_state", `nothing of ${wallet.address}'s waits to be withdrawn`);
  if (unlocksAt !== null) await requireTime(sender.chain, unlocksAt, `${money.format(withdrawing)} can be completed`);
  const txHash = await completeWithdrawal(sender, { vault, token, owner: wallet.address });
  tellSent(cli, {
    text: `withdrew ${terminal.out.bold(money.format(withdrawing))} to ${wallet.address}`,
    txHash,
    facts: { owner: wallet.address, amount: withdrawing },
  });
}
