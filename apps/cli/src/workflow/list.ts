import { type WorkflowState, workflowStates } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  state?: WorkflowState;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list your workflows, the newest first")
    .addOption(new Option("--state <state>", "only those in this state").choices(workflowStates))
    .addHelpText("after", "\nExample: stoa workflow list --state running");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "account");
  const page = await client.workflows.list({
    ...(options.state === undefined ? {} : { state: options.state }),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0)
    return terminal.note("No workflows. Post one: stoa workflow submit <file> --budget <amount>");
  const now = Date.now();
  terminal.print(
    table(terminal.out, page.items, [
      { title: "id", value: ({ id }) => shortId(id) },
      { title: "name", value: ({ name }) => name },
      { title: "state", value: ({ state }) => state },
      { title: "steps done", value: ({ steps }) => `${steps.done} of ${steps.all}`, right: true },
      { title: "budget", value: ({ budget }) => money.format(budget), right: true },
      { title: "opened", value: ({ openedAt }) => age(openedAt, now), right: true },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
