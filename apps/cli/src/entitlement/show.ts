import { type AccessListing, accessListing, type Access, accessOf } from "@stoa/chain";
import { type Address, parseAddress } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import type { Money } from "../terminal/money.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { printable } from "../terminal/printable.ts";
import { fields } from "../terminal/table.ts";

interface Options extends ChainOptions {
  account?: string;
}

export function show(cli: Cli): Command {
  return contractVerb("show", "show what access to an agent costs, and who has it", ["stoa entitlement show 7 --json"])
    .argument("<agent>", "the agent's number on chain")
    .option("--account <address>", "whose access; your wallet's unless said otherwise")
    .action((agent: string, _options: unknown, self: Command) => run(cli, agent, self.optsWithGlobals()));
}

async function run(cli: Cli, agent: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const agentId = parseNumber(agent, "an agent's number");
  const contracts = await openContracts(cli, options);
  const sale = contracts.at("entitlements");
  const account = await accountOf(contracts, options);
  const [listing, access] = await Promise.all([
    accessListing(contracts.chain, { sale, agentId }),
    account === null ? null : accessOf(contracts.chain, { sale, account, agentId }),
  ]);
  if (cli.json) {
    const held = access && { account, ...access, expiresAt: instant(access.expiresAt) };
    return terminal.printJson({ agentId, listing, access: held });
  }
  terminal.print(terminal.out.bold(`agent ${agentId}`));
  if (listing) {
    const money = await contracts.moneyIn(listing.terms.token);
    terminal.print(fields(terminal.out, entriesOf(listing, money)));
  }
  if (access) terminal.print(`${terminal.out.dim(account ?? "")}  ${accessText(access)}`);
  if (!listing) {
    terminal.note(terminal.err.dim(`Access is not for sale; its owner lists it: stoa entitlement list ${agentId}`));
  } else if (access?.hasAccess !== true) {
    terminal.note(terminal.err.dim(`Buy access: stoa entitlement buy ${agentId} --max-price <amount>`));
  }
}

function entriesOf({ seller, supply, terms }: AccessListing, money: Money): [string, string | undefined][] {
  return [
    ["seller", seller],
    ["price", money.format(terms.price)],
    ["for", terms.durationSeconds === null ? "ever" : `${terms.durationSeconds} s`],
    ["returnable", `for ${terms.refundWindowSeconds} s`],
    ["sold", `${supply} of ${terms.supplyCap}`],
    ["metadata", terms.uri === "" ? undefined : printable(terms.uri)],
  ];
}

function accessText({ hasAccess, expiresAt, isFinal }: Access): string {
  if (!hasAccess) return expiresAt === null ? "has no access" : `had access until ${instant(expiresAt)}`;
  const until = expiresAt === null ? "without an end" : `until ${instant(expiresAt)}`;
  return `has access ${until}${isFinal ? "" : ", and may still return it"}`;
}

/** Null for whoever names nobody and has no wallet. */
async function accountOf({ profile, wallet }: OpenedContracts, { account }: Options): Promise<Address | null> {
  if (account !== undefined) return parseAddress(account, "--account");
  return profile.walletKeyFile === null ? null : (await wallet()).address;
}
