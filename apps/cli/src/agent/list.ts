import type { AgentState } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";

interface Options extends GlobalOptions, PageOptions {
  capability?: string;
  name?: string;
  state: AgentState;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list published agents, the newest first")
    .option("--capability <name>", "only those that offer it")
    .option("--name <name>", "only versions of this agent")
    .addOption(new Option("--state <state>", "active or retired ones").choices(["active", "retired"]).default("active"))
    .addHelpText("after", "\nExample: stoa agent list --capability text.summarize");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const { capability, name, state } = options;
  const page = await client.agents.list({
    ...(capability === undefined ? {} : { capability }),
    ...(name === undefined ? {} : { name }),
    state,
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note("No agents. Publish one: stoa agent publish <folder>");
  terminal.print(
    table(terminal.out, page.items, [
      { title: "agent", value: (agent) => terminal.out.bold(agent.name) },
      { title: "version", value: (agent) => agent.version },
      { title: "offers", value: (agent) => agent.capabilities.join(", ") },
      { title: "royalty", value: (agent) => money.format(agent.royalty), right: true },
      { title: "nodes", value: (agent) => String(agent.nodes), right: true },
      { title: "id", value: (agent) => shortId(agent.versionId) },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
