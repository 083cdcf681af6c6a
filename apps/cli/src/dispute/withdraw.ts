import { arbitratorOf, withdrawFromCourt } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

export function withdraw(cli: Cli): Command {
  return contractVerb("withdraw", "fetch bonds returned and fees earned at the court", [
    "stoa dispute withdraw",
  ]).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: ChainOptions): Promise<void> {
  const { chain, at, money, ...contracts } = await openContracts(cli, options);
  const sender = await contracts.sender();
  const owner = sender.address;
  const { balance } = await arbitratorOf(chain, at("court"), owner);
  if (balance === 0n) throw new StoaError("wrong_state", `the court owes nothing to ${owner}`);
  cli.terminal.waiting(`fetching ${money.format(balance)}`);
  const txHash = await withdrawFromCourt(sender, { court: at("court") });
  tellSent(cli, { text: `fetched ${money.format(balance)} to ${owner}`, txHash, facts: { owner, amount: balance } });
}
