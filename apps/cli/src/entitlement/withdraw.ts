import { revenueOf, withdrawRevenue } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

export function withdraw(cli: Cli): Command {
  return contractVerb("withdraw", "fetch what you earned by selling access", ["stoa entitlement withdraw"]).action(
    (_options: unknown, self: Command) => run(cli, self.optsWithGlobals()),
  );
}

async function run(cli: Cli, options: ChainOptions): Promise<void> {
  const { chain, at, token, money, ...contracts } = await openContracts(cli, options);
  const [sender, sale] = [await contracts.sender(), at("entitlements")];
  const owner = sender.address;
  const amount = await revenueOf(chain, { sale, account: owner, token });
  if (amount === 0n) {
    throw new StoaError(
      "wrong_state",
      `${owner} has earned nothing that is final: once a purchase's window has passed, stoa entitlement release <agent> <holder>`,
    );
  }
  cli.terminal.waiting(`fetching ${money.format(amount)}`);
  const txHash = await withdrawRevenue(sender, { sale, token });
  tellSent(cli, { text: `fetched ${money.format(amount)} to ${owner}`, txHash, facts: { owner, token, amount } });
}
