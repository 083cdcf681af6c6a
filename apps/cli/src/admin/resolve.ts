import type { Resolution } from "@stoa/protocol";
import { Argument, Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

const RESOLUTIONS: readonly Resolution[] = ["dismissed", "upheld"];

interface Options extends GlobalOptions {
  answer: string;
}

export function resolve(cli: Cli): Command {
  return new Command("resolve")
    .description("answer a report; what is to follow, such as a suspension, is an act of its own")
    .argument("<id>", "the report's id")
    .addArgument(new Argument("<resolution>", "what becomes of it").choices(RESOLUTIONS))
    .requiredOption("--answer <text>", "why")
    .addHelpText("after", '\nExample: stoa admin resolve 5b1e… upheld --answer "the agent is suspended"')
    .action((id: string, resolution: Resolution, _options: unknown, self: Command) =>
      run(cli, { id, resolution }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, { id, resolution }: { id: string; resolution: Resolution }, options: Options) {
  const { client } = await openMarket(cli, options, "account");
  const report = await client.admin.resolveReport(id, { resolution, answer: options.answer });
  if (cli.json) return cli.terminal.printJson(report);
  cli.terminal.print(`the report is ${report.resolution}`);
}
