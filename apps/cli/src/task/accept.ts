import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

export function accept(cli: Cli): Command {
  return new Command("accept")
    .description("check a delivered result and accept it: it settles at once")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .addHelpText("after", "\nExample: stoa task accept 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client, wallet } = await openMarket(cli, options, "account");
  const { id: taskId } = await client.tasks.get(id);
  const { hash, output } = await client.tasks.acceptWhenGood(taskId, { signer: await wallet() });
  if (cli.json) return terminal.printJson({ taskId, resultHash: hash, output });
  terminal.note(`task ${taskId} is accepted: signatures, hash, price and the agent's promise check out`);
  terminal.printJson(output);
}
