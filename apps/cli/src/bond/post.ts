import { bondOf, postBond } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { positive } from "../terminal/positive.ts";
import { tellWhose, type WhoseBond, whoseBond } from "./whose-bond.ts";

interface Options extends ChainOptions, WhoseBond {
  testMoney?: boolean;
}

export function post(cli: Cli): Command {
  const examples = ["stoa bond post 100 --node 0xNODE", "stoa bond post 100 --test-money"];
  return contractVerb("post", "add to the operator's bond, from your wallet; only the operator gets it back", examples)
    .argument("<amount>", "how much of the market's token, such as 5 or 0.25")
    .option(
      "--node <address>",
      "the one node it stands for; every node unless said otherwise, first come, first served",
    )
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((amount: string, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const node = whoseBond(options);
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const amount = positive(money.parse(text), text);
  const sender = await contracts.sender();
  await requireInWallet(sender, { token, amount, money, what: "the bond is", testMoney: options.testMoney });
  cli.terminal.waiting(`posting ${money.format(amount)}`);
  const bond = { bonds: at("bonds"), node, token };
  const txHash = await postBond(sender, { ...bond, amount });
  const { staying } = await bondOf(chain, bond);
  tellSent(cli, {
    text: `posted ${money.format(amount)} for ${tellWhose(node)}, ${cli.terminal.out.bold(money.format(staying))} in all`,
    txHash,
    facts: { node, amount, staying },
  });
}
