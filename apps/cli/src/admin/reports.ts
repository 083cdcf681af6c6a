import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  resolved?: boolean;
}

export function reports(cli: Cli): Command {
  const command = new Command("reports")
    .description("what accounts say of others, the oldest first, until it is resolved")
    .option("--resolved", "those that are resolved instead")
    .addHelpText("after", "\nExample: stoa admin reports");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const page = await client.admin.reports({
    ...(options.resolved ? { resolved: true } : {}),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note(options.resolved ? "None was resolved." : "No report waits.");
  terminal.print(
    table(terminal.out, page.items, [
      { title: "id", value: ({ id }) => id },
      { title: "at", value: ({ at }) => at },
      { title: "by", value: ({ reporter }) => shortId(reporter) },
      { title: "about", value: ({ kind, subject }) => `${kind} ${shortId(subject)}` },
      { title: "says", value: ({ text }) => text.replaceAll(/\s+/g, " ").slice(0, 60) },
      { title: "was", value: ({ resolution }) => resolution ?? "" },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
