import type { RoundState } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  capability?: string;
  state?: RoundState;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list rounds, the newest first")
    .option("--capability <name>", "only rounds for it")
    .addOption(new Option("--state <state>", "only open or closed ones").choices(["open", "closed"]))
    .addHelpText("after", "\nExample: stoa round list --capability text.summarize");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "anyone");
  const { capability, state } = options;
  const page = await client.rounds.list({
    ...(capability === undefined ? {} : { capability }),
    ...(state === undefined ? {} : { state }),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note("No rounds yet: they open when tasks wait.");
  const now = Date.now();
  terminal.print(
    table(terminal.out, page.items, [
      { title: "round", value: (round) => shortId(round.id) },
      { title: "for", value: (round) => round.capability },
      { title: "state", value: (round) => round.closeReason ?? round.state },
      { title: "tasks", value: (round) => String(round.tasks), right: true },
      { title: "nodes", value: (round) => String(round.nodes), right: true },
      { title: "opened", value: (round) => `${age(round.openedAt, now)} ago` },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
