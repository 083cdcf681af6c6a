import { releasePurchase } from "@stoa/chain";
import { parseAddress } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { parseNumber } from "../terminal/parse-number.ts";

export function release(cli: Cli): Command {
  return contractVerb(
    "release",
    "make a purchase final whose window has passed, so that its seller is paid; anyone may",
    ["stoa entitlement release 7 0xHOLDER"],
  )
    .argument("<agent>", "the agent's number on chain")
    .argument("<holder>", "who bought")
    .action((agent: string, holder: string, _options: unknown, self: Command) =>
      run(cli, { agent, holder }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { agent: string; holder: string }, options: ChainOptions): Promise<void> {
  const agentId = parseNumber(given.agent, "an agent's number");
  const holder = parseAddress(given.holder, "<holder>");
  const contracts = await openContracts(cli, options);
  const sender = await contracts.sender();
  cli.terminal.waiting("releasing");
  const txHash = await releasePurchase(sender, { sale: contracts.at("entitlements"), agentId, holder });
  tellSent(cli, {
    text: `the purchase of ${holder} is final, its money the seller's`,
    txHash,
    facts: { agentId, holder },
    hint: "The seller fetches it with stoa entitlement withdraw",
  });
}
