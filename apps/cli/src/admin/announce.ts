import { severities, type Severity } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";

interface Options extends GlobalOptions {
  severity: Severity;
  for?: string;
  end?: string;
}

export function announce(cli: Cli): Command {
  return new Command("announce")
    .description("tell everybody something, live too; or end what was announced")
    .argument("<text>", "what; with --end, why it ends")
    .addOption(new Option("--severity <severity>", "how much it matters").choices(severities).default("info"))
    .option("--for <time>", "how long it stands (default: until it is ended)")
    .option("--end <id>", "end this announcement instead")
    .addHelpText("after", '\nExample: stoa admin announce "Nodes are updated at 18:00 UTC" --severity warning --for 6h')
    .action((text: string, _options: unknown, self: Command) => run(cli, text, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  if (options.end !== undefined) {
    await client.admin.endAnnouncement(options.end, text);
    return cli.json ? terminal.printJson({ id: options.end, ended: true }) : terminal.print("it is ended");
  }
  const endsAt =
    options.for === undefined
      ? {}
      : { endsAt: new Date(Date.now() + parseSeconds(options.for, "--for") * 1_000).toISOString() };
  const made = await client.admin.announce({ severity: options.severity, text, ...endsAt });
  if (cli.json) return terminal.printJson(made);
  terminal.print(`announced; end it with: stoa admin announce "over" --end ${made.id}`);
}
