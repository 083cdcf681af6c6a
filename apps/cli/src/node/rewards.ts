import { claimRewards, rewardsOf } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

interface Options extends ChainOptions {
  claim?: boolean;
}

export function rewards(cli: Cli): Command {
  const examples = ["stoa node rewards", "stoa node rewards --claim"];
  return contractVerb(
    "rewards",
    "what your nodes were rewarded with on chain, and what proving a conflict earned",
    examples,
  )
    .argument("[account]", "whose; your wallet's unless said otherwise")
    .option("--claim", "pay it out to that account's wallet")
    .action((account: string | undefined, _options: unknown, self: Command) =>
      run(cli, account, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, text: string | undefined, options: Options): Promise<void> {
  const { terminal } = cli;
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const account: Address = text === undefined ? (await contracts.wallet()).address : parseAddress(text, "<account>");
  const nodes = at("nodes");
  const amount = await rewardsOf(chain, nodes, { account, token });
  if (options.claim) {
    if (amount === 0n) throw new StoaError("wrong_state", `${account} has no rewards to claim`);
    terminal.waiting("claiming");
    const txHash = await claimRewards(await contracts.sender(), { nodes, account, token });
    return tellSent(cli, { text: `paid ${money.format(amount)} to ${account}`, txHash, facts: { account, amount } });
  }
  if (cli.json) return terminal.printJson({ account, amount });
  terminal.print(`${money.format(amount)} for ${account}`);
  if (amount > 0n) terminal.note(terminal.err.dim("Pay it out: stoa node rewards --claim"));
}
