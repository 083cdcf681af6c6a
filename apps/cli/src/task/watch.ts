import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { endOfTask } from "./end-of-task.ts";
import { followTask } from "./follow-task.ts";

interface Options extends GlobalOptions {
  accept?: boolean;
}

export function watch(cli: Cli): Command {
  return new Command("watch")
    .description("follow a task until it ends; with --json, one line per update")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .option("--accept", "check and accept its result when it is delivered")
    .addHelpText("after", "\nExample: stoa task watch 0x1a2b3c4d --accept")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const market = await openMarket(cli, options, "account");
  const followed = await followTask(cli, market, id, {
    onDelivery: options.accept ? "accept" : "wait",
    jsonLines: cli.json,
  });
  endOfTask(cli, followed, { isTold: cli.json });
}
