import { type AgentKind, agentKinds, type AgentMatch, type SearchAgentsQuery, StoaError } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  capability?: string;
  category?: string;
  kind?: AgentKind;
  maxPrice?: string;
  maxTime?: string;
  minReputation?: string;
}

const EXAMPLES = `
Examples: stoa agent search "sumarize a report" --json
          stoa agent search "tables" --category data --max-price 0.05 --max-time 10
          stoa agent search "translate" --kind container --min-reputation 0.9`;

export function search(cli: Cli): Command {
  const command = new Command("search")
    .description("find agents by words, near spellings and meaning, the best first")
    .argument("<query...>", "what is looked for, in words")
    .option("--capability <name>", "only those that offer it")
    .option("--category <name>", "only those with a capability of it: text for text.summarize")
    .addOption(new Option("--kind <kind>", "only those that run as this").choices([...agentKinds]))
    .option("--max-price <amount>", "at most this, by their latest awards; by their royalty before the first")
    .option("--max-time <seconds>", "at most this from start to delivery, by their latest executions")
    .option("--min-reputation <share>", "at least this, from 0 to 1")
    .addHelpText("after", EXAMPLES);
  return addPageOptions(command).action((words: string[], _options: unknown, self: Command) =>
    run(cli, words.join(" "), self.optsWithGlobals()),
  );
}

async function run(cli: Cli, q: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const page = await client.agents.searchPage(queryOf(q, options, money));
  if (cli.json) return terminal.printJson(page);
  if (page.meaning === "away") terminal.note("The market's embedder is away: these were found by their words alone.");
  if (page.items.length === 0) return terminal.note("No agent was found. All there are: stoa agent list");
  terminal.print(
    table(terminal.out, page.items, [
      { title: "agent", value: (agent) => terminal.out.bold(agent.name) },
      { title: "offers", value: (agent) => agent.capabilities.join(", ") },
      { title: "score", value: (agent) => agent.score.toFixed(3), right: true },
      { title: "found by", value: foundBy },
      { title: "price", value: ({ record }) => (record.price === null ? "" : money.format(record.price)), right: true },
      { title: "reputation", value: ({ record }) => record.reputation.toFixed(2), right: true },
      { title: "id", value: (agent) => shortId(agent.versionId) },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}

function queryOf(q: string, options: Options, money: OpenedMarket["money"]): SearchAgentsQuery {
  const { capability, category, kind, maxPrice, maxTime, minReputation } = options;
  return {
    q,
    ...(capability === undefined ? {} : { capability }),
    ...(category === undefined ? {} : { category }),
    ...(kind === undefined ? {} : { kind }),
    ...(maxPrice === undefined ? {} : { maxPrice: money.parse(maxPrice).toString() }),
    ...(maxTime === undefined ? {} : { maxDurationMs: parseSeconds(maxTime, "--max-time") * 1_000 }),
    ...(minReputation === undefined ? {} : { minReputation: parseShare(minReputation) }),
    ...pageQuery(options),
  };
}

/** @throws {StoaError} `invalid_request` for anything but a number from 0 to 1 */
function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 1) return share;
  throw new StoaError("invalid_request", `--min-reputation must be a number from 0 to 1, got ${JSON.stringify(text)}`);
}

function foundBy({ found }: AgentMatch): string {
  const near = found.spelling.map(({ word, as }) => `${as} (${word})`);
  const words = [...found.text.map(({ word }) => word), ...near];
  return [...words, ...(found.meaning === null ? [] : [`meaning ${found.meaning.toFixed(2)}`])].join(", ");
}
