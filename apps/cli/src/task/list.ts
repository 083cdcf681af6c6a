import { type TaskState, taskStates } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  mine?: boolean;
  capability?: string;
  state?: TaskState;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list tasks, the newest first")
    .option("--mine", "only your own")
    .option("--capability <name>", "only those that ask for it")
    .addOption(new Option("--state <state>", "only those in this state").choices(taskStates))
    .addHelpText("after", "\nExample: stoa task list --mine --state settled");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { mine, capability, state } = options;
  const { client, money } = await openMarket(cli, options, mine ? "account" : "anyone");
  const page = await client.tasks.list({
    ...(mine ? { mine } : {}),
    ...(capability === undefined ? {} : { capability }),
    ...(state === undefined ? {} : { state }),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0)
    return terminal.note("No tasks. Post one: stoa task submit <capability> --input <file> --max-price <amount>");
  const now = Date.now();
  terminal.print(
    table(terminal.out, page.items, [
      { title: "task", value: (task) => shortId(task.id) },
      { title: "asks for", value: (task) => task.capability },
      { title: "state", value: (task) => task.state },
      { title: "at most", value: (task) => money.format(task.maxPrice), right: true },
      { title: "requester", value: (task) => shortId(task.requester) },
      { title: "opened", value: (task) => `${age(task.openedAt, now)} ago` },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
