import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

export function cancel(cli: Cli): Command {
  return new Command("cancel")
    .description("take back a task nobody has yet; its hold is released")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .addHelpText("after", "\nExample: stoa task cancel 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { client } = await openMarket(cli, options, "account");
  const task = await client.tasks.get(id);
  await client.tasks.cancel(task.id);
  if (cli.json) return cli.terminal.printJson({ taskId: task.id, state: "cancelled" });
  cli.terminal.print(`task ${task.id} is cancelled; nothing was charged`);
}
