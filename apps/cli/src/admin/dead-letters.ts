import { type DeadLetterKind, deadLetterKinds } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  kind: DeadLetterKind;
}

export function deadLetters(cli: Cli): Command {
  const command = new Command("dead-letters")
    .description("what gave up: tasks without an attempt left, settlements and damages that the vault refused")
    .addOption(new Option("--kind <kind>", "which").choices(deadLetterKinds).default("settlement"))
    .addHelpText("after", "\nExample: stoa admin dead-letters --kind task");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const page = await client.admin.deadLetters({ kind: options.kind, ...pageQuery(options) });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note(`No ${options.kind} gave up.`);
  terminal.print(
    table(terminal.out, page.items, [
      { title: "task", value: ({ taskId }) => taskId },
      { title: "since", value: ({ at }) => at },
      { title: "because", value: ({ reason }) => reason },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
