import { type AccessTerms, listAccess } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { positive } from "../terminal/positive.ts";
import { requireListing } from "./require-listing.ts";

interface Options extends ChainOptions {
  price: string;
  duration?: string;
  refundWindow: string;
  supply: string;
  uri: string;
}

export function list(cli: Cli): Command {
  return contractVerb(
    "list",
    "put access to your agent up for sale, or change the terms for those who buy from now on",
    ["stoa entitlement list 7 --price 10 --duration 30d --supply 100"],
  )
    .argument("<agent>", "the agent's number on chain")
    .requiredOption("--price <amount>", "what a purchase costs, the platform's fee included")
    .option("--duration <time>", "what a purchase adds; access without an end unless said otherwise")
    .option("--refund-window <time>", "how long a purchase can be returned", "1d")
    .option("--supply <count>", "the most holders at a time", "1000000")
    .option("--uri <uri>", "of the token's metadata", "")
    .action((agent: string, _options: unknown, self: Command) => run(cli, agent, self.optsWithGlobals()));
}

async function run(cli: Cli, agent: string, options: Options): Promise<void> {
  const agentId = parseNumber(agent, "an agent's number");
  const durationSeconds = options.duration === undefined ? null : parseSeconds(options.duration, "--duration");
  const refundWindowSeconds = parseSeconds(options.refundWindow, "--refund-window");
  const supplyCap = parseNumber(options.supply, "--supply");
  const contracts = await openContracts(cli, options);
  const { at, token, money } = contracts;
  const price = positive(money.parse(options.price), options.price);
  const terms: AccessTerms = { token, price, durationSeconds, refundWindowSeconds, supplyCap, uri: options.uri };
  const sender = await contracts.sender();
  cli.terminal.waiting("listing");
  const txHash = await listAccess(sender, { sale: at("entitlements"), agentId, terms });
  const { version } = await requireListing(contracts, agentId);
  tellSent(cli, {
    text: `access to agent ${agentId} is for sale at ${cli.terminal.out.bold(money.format(price))}`,
    txHash,
    facts: { agentId, seller: sender.address, version, ...terms },
  });
}
