import { completeUnstake, requestUnstake, stakeOf } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { requireTime } from "../contracts/require-time.ts";
import { type Sent, tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends ChainOptions {
  complete?: boolean;
}

export function remove(cli: Cli): Command {
  const examples = ["stoa stake remove 0xNODE 10", "stoa stake remove 0xNODE --complete"];
  return contractVerb("remove", "take stake back: ask first, complete it once the delay has passed", examples)
    .argument("<node>", "the address of the node's key")
    .argument("[amount]", "how much to ask for")
    .option("--complete", "pay what waited its delay out to your wallet")
    .action((node: string, amount: string | undefined, _options: unknown, self: Command) =>
      run(cli, { node, amount }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { node: string; amount: string | undefined }, options: Options): Promise<void> {
  const { amount } = given;
  if ((amount === undefined) !== (options.complete === true))
    throw new StoaError("invalid_request", "expected either an amount to ask for, or --complete");
  const node = parseAddress(given.node, "<node>");
  const contracts = await openContracts(cli, options);
  cli.terminal.waiting("sending");
  tellSent(cli, await (amount === undefined ? complete(contracts, node) : request(contracts, node, amount)));
}

async function request(contracts: OpenedContracts, node: Address, text: string): Promise<Sent> {
  const { chain, at, token, money } = contracts;
  const [nodes, amount] = [at("nodes"), positive(money.parse(text), text)];
  const sender = await contracts.sender();
  const of = { provider: sender.address, node, token };
  const before = await stakeOf(chain, nodes, of);
  const free = before.staked - before.unstaking;
  if (free < amount) {
    throw new StoaError(
      "insufficient_funds",
      `${sender.address} has ${money.format(free)} at stake for ${node}, asked for were ${money.format(amount)}`,
    );
  }
  const txHash = await requestUnstake(sender, { nodes, node, token, amount });
  const { unstaking, unlocksAt } = await stakeOf(chain, nodes, of);
  const from = instant(unlocksAt);
  return {
    text: `asked for ${money.format(amount)}; ${money.format(unstaking)} can be completed from ${from}`,
    txHash,
    facts: { ...of, amount, unstaking, unlocksAt: from },
  };
}

async function complete(contracts: OpenedContracts, node: Address): Promise<Sent> {
  const { chain, at, token, money } = contracts;
  const sender = await contracts.sender();
  const of = { provider: sender.address, node, token };
  const { unstaking, unlocksAt } = await stakeOf(chain, at("nodes"), of);
  if (unlocksAt === null)
    throw new StoaError("wrong_state", `nothing of the stake of ${sender.address} for ${node} waits to be taken back`);
  await requireTime(chain, unlocksAt, `${money.format(unstaking)} can be completed`);
  const txHash = await completeUnstake(sender, { nodes: at("nodes"), ...of });
  return {
    text: `took ${money.format(unstaking)} back to ${sender.address}`,
    txHash,
    facts: { ...of, amount: unstaking },
  };
}
