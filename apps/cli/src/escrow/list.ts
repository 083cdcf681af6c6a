import { listEscrows } from "@stoa/chain";
import { parseAddress } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { firstBlock } from "../contracts/first-block.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";
import { requireEscrow } from "./require-escrow.ts";

interface Options extends ChainOptions {
  party?: string;
}

/** How many of the newest are shown. */
const SHOWN = 50;

export function list(cli: Cli): Command {
  return contractVerb("list", `list the newest ${SHOWN} escrows that you are a side of`, ["stoa escrow list"])
    .option("--party <address>", "whose escrows; your wallet's unless said otherwise")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const contracts = await openContracts(cli, options);
  const { chain, at, book, moneyIn, wallet } = contracts;
  const party = options.party === undefined ? (await wallet()).address : parseAddress(options.party, "--party");
  terminal.waiting("reading the chain's logs");
  const numbers = await listEscrows(chain, at("escrow"), { party, fromBlock: firstBlock(book, "escrow") });
  const items = await Promise.all(
    numbers.slice(0, SHOWN).map(async (escrowId) => {
      const { terms, state } = await requireEscrow(contracts, escrowId);
      const { requester, provider, token, amount } = terms;
      const money = await moneyIn(token);
      return { escrowId, state, requester, provider, token, amount, deliverBy: instant(terms.deliverBy), money };
    }),
  );
  if (cli.json) return terminal.printJson({ items: items.map(({ money: _, ...item }) => item), all: numbers.length });
  if (items.length === 0)
    return terminal.note(`${party} is no escrow's side yet. Set money aside with stoa escrow fund <provider> <price>`);
  terminal.print(
    table(terminal.out, items, [
      { title: "escrow", value: ({ escrowId }) => String(escrowId), right: true },
      { title: "state", value: ({ state }) => state },
      { title: "amount", value: ({ amount, money }) => money.format(amount), right: true },
      { title: "requester", value: ({ requester }) => (requester === party ? "you" : shortId(requester)) },
      { title: "provider", value: ({ provider }) => (provider === party ? "you" : shortId(provider)) },
      { title: "deliver by", value: ({ deliverBy }) => deliverBy },
    ]),
  );
  if (numbers.length > items.length)
    terminal.note(terminal.err.dim(`${numbers.length - items.length} older are not shown`));
}
