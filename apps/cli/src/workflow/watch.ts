import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { followWorkflow } from "./follow-workflow.ts";

interface Options extends GlobalOptions {
  accept?: boolean;
}

export function watch(cli: Cli): Command {
  return new Command("watch")
    .description("follow a workflow until it ends; with --json, one line per update")
    .argument("<id>", "the workflow's id, or its first eight digits or more")
    .option("--accept", "check and accept results that the workflow leaves to its requester")
    .addHelpText("after", "\nExample: stoa workflow watch 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const market = await openMarket(cli, options, "account");
  await followWorkflow(cli, market, id, { accept: options.accept === true, jsonLines: cli.json });
}
