import { arbitratorOf, completeUnstakeFromCourt, requestUnstakeFromCourt } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
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

export function leave(cli: Cli): Command {
  const examples = ["stoa dispute leave", "stoa dispute leave --complete"];
  return contractVerb(
    "leave",
    "take an arbitrator's stake back: ask first, complete it once the delay passed",
    examples,
  )
    .argument("[amount]", "how much to ask for; all that no seat locks unless said otherwise")
    .option("--complete", "pay what waited its delay out to your wallet")
    .action((amount: string | undefined, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, amount: string | undefined, options: Options): Promise<void> {
  const isComplete = options.complete === true;
  if (isComplete && amount !== undefined)
    throw new StoaError("invalid_request", "expected either an amount to ask for, or --complete");
  const contracts = await openContracts(cli, options);
  cli.terminal.waiting("sending");
  tellSent(cli, await (isComplete ? complete(contracts) : request(contracts, amount)));
}

async function request(contracts: OpenedContracts, text: string | undefined): Promise<Sent> {
  const { chain, at, money } = contracts;
  const [sender, court] = [await contracts.sender(), at("court")];
  const arbitrator = sender.address;
  const { staked } = await arbitratorOf(chain, court, arbitrator);
  if (staked === 0n) throw new StoaError("wrong_state", `${arbitrator} has no stake at the court that no seat locks`);
  const amount = text === undefined ? staked : positive(money.parse(text), text);
  if (amount > staked) {
    throw new StoaError(
      "insufficient_funds",
      `${arbitrator} has ${money.format(staked)} that no seat locks, asked for were ${money.format(amount)}`,
    );
  }
  const txHash = await requestUnstakeFromCourt(sender, { court, amount });
  const { unstaking, unlocksAt } = await arbitratorOf(chain, court, arbitrator);
  const from = instant(unlocksAt);
  return {
    text: `asked for ${money.format(amount)}; ${money.format(unstaking)} can be completed from ${from}`,
    txHash,
    facts: { arbitrator, amount, unstaking, unlocksAt: from },
  };
}

async function complete({ chain, at, money, ...contracts }: OpenedContracts): Promise<Sent> {
  const [sender, court] = [await contracts.sender(), at("court")];
  const { unstaking, unlocksAt } = await arbitratorOf(chain, court, sender.address);
  if (unlocksAt === null) throw new StoaError("wrong_state", `nothing of ${sender.address} waits to leave the court`);
  await requireTime(chain, unlocksAt, `${money.format(unstaking)} can be completed`);
  const txHash = await completeUnstakeFromCourt(sender, { court });
  const text = `took ${money.format(unstaking)} back to ${sender.address}`;
  return { text, txHash, facts: { arbitrator: sender.address, amount: unstaking } };
}
