import { stake, stakeOf } from "@stoa/chain";
import { parseAddress } from "@stoa/protocol";
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

export function add(cli: Cli): Command {
  return contractVerb("add", "stake for a node, from your wallet", ["stoa stake add 0xNODE 25 --test-money"])
    .argument("<node>", "the address of the node's key")
    .argument("<amount>", "how much of the market's token, such as 5 or 0.25")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((node: string, amount: string, _options: unknown, self: Command) =>
      run(cli, { node, amount }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { node: string; amount: string }, options: Options): Promise<void> {
  const node = parseAddress(given.node, "<node>");
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const amount = positive(money.parse(given.amount), given.amount);
  const sender = await contracts.sender();
  await requireInWallet(sender, { token, amount, money, what: "the stake is", testMoney: options.testMoney });
  cli.terminal.waiting(`staking ${money.format(amount)}`);
  const txHash = await stake(sender, { nodes: at("nodes"), node, token, amount });
  const { staked } = await stakeOf(chain, at("nodes"), { provider: sender.address, node, token });
  tellSent(cli, {
    text: `staked ${money.format(amount)} for ${node}, ${cli.terminal.out.bold(money.format(staked))} in all`,
    txHash,
    facts: { provider: sender.address, node, amount, staked },
  });
}
