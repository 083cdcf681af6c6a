import { Argument, Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

interface Options extends GlobalOptions {
  message: string;
}

const SWITCH = ["on", "off"] as const;

export function maintenance(cli: Cli): Command {
  return new Command("maintenance")
    .description("take nothing new for a while; what was taken goes on, and money can be withdrawn")
    .addArgument(new Argument("<switch>", "whether it is on").choices(SWITCH))
    .option("--message <text>", "what those who are turned away are told", "The market is in maintenance.")
    .addHelpText("after", '\nExample: stoa admin maintenance on --message "Back at 18:00 UTC"')
    .action((to: (typeof SWITCH)[number], _options: unknown, self: Command) => run(cli, to, self.optsWithGlobals()));
}

async function run(cli: Cli, to: (typeof SWITCH)[number], { message, ...options }: Options): Promise<void> {
  const { client } = await openMarket(cli, options, "account");
  const value = to === "on" ? { on: true, message } : null;
  const settings = await client.admin.changeSetting("maintenance", { value, reason: message });
  if (cli.json) return cli.terminal.printJson(settings);
  cli.terminal.print(to === "on" ? "nothing new is taken" : "orders and agents are taken again");
}
