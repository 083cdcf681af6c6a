import { escrowBalance, withdrawFromEscrow } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

export function withdraw(cli: Cli): Command {
  return contractVerb("withdraw", "fetch what escrows have credited to you", ["stoa escrow withdraw"]).action(
    (_options: unknown, self: Command) => run(cli, self.optsWithGlobals()),
  );
}

async function run(cli: Cli, options: ChainOptions): Promise<void> {
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const sender = await contracts.sender();
  const owner = sender.address;
  const amount = await escrowBalance(chain, at("escrow"), owner, token);
  if (amount === 0n) throw new StoaError("wrong_state", `nothing is credited to ${owner} by escrows`);
  cli.terminal.waiting(`fetching ${money.format(amount)}`);
  const txHash = await withdrawFromEscrow(sender, { escrow: at("escrow"), token });
  tellSent(cli, { text: `fetched ${money.format(amount)} to ${owner}`, txHash, facts: { owner, token, amount } });
}
