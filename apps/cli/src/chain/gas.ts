import { fundPaymaster, paymasterStatus } from "@stoa/chain";
import { parseAmount } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { native } from "../terminal/native.ts";
import { positive } from "../terminal/positive.ts";
import { fields } from "../terminal/table.ts";

interface Options extends ChainOptions {
  fund?: string;
}

const NATIVE_DECIMALS = 18;
const DAY_MS = 86_400_000;

export function gas(cli: Cli): Command {
  return contractVerb("gas", "see what the market pays the gas of its users from, and add to it", [
    "stoa chain gas",
    "stoa chain gas --fund 0.5",
  ])
    .option("--fund <amount>", "add as much of the chain's coin, from your wallet; anyone may")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const contracts = await openContracts(cli, options);
  const { chain, at } = contracts;
  const paymaster = at("paymaster");
  const txHash = options.fund === undefined ? null : await fund(cli, contracts, options.fund);
  const found = await paymasterStatus(chain, paymaster);
  if (cli.json) return terminal.printJson({ paymaster, ...found, txHash });
  const { deposit, stake, sponsor, budgets, spent } = found;
  const isToday = spent.day === Math.floor(Date.now() / DAY_MS);
  terminal.print(
    fields(terminal.out, [
      ["paymaster", paymaster],
      ["pays from", terminal.out.bold(native(deposit))],
      ["stake", stake === 0n ? undefined : native(stake)],
      ["sponsor", sponsor],
      ["a call at most", native(budgets.perOperation)],
      ["a wallet's day", native(budgets.perAccount)],
      ["a day", native(budgets.perDay)],
      ["counted today", native(isToday ? spent.amount : 0n)],
      ["transaction", txHash ?? undefined],
    ]),
  );
}

async function fund(
  { terminal }: Cli,
  { at, sender }: Awaited<ReturnType<typeof openContracts>>,
  text: string,
): Promise<string> {
  const amount = positive(parseAmount(text, NATIVE_DECIMALS), text);
  terminal.waiting(`adding ${native(amount)}`);
  return fundPaymaster(await sender(), { paymaster: at("paymaster"), amount });
}
