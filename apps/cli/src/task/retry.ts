import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

export function retry(cli: Cli): Command {
  return new Command("retry")
    .description("have a dead task tried again under the order that opened it")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .addHelpText("after", "\nExample: stoa task retry 0x1a2b3c4d\nDead tasks: stoa task list --mine --state dead")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { client, money } = await openMarket(cli, options, "account");
  const task = await client.tasks.get(id);
  await client.tasks.retry(task.id);
  if (cli.json) return cli.terminal.printJson({ taskId: task.id, state: "open" });
  cli.terminal.print(`task ${task.id} is open again; ${money.format(task.maxPrice)} are held for it`);
}
