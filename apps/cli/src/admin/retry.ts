import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

interface Options extends GlobalOptions {
  reason: string;
}

export function retry(cli: Cli): Command {
  return new Command("retry")
    .description("send a settlement that the vault refused again at once; an order is paid once, whatever happens")
    .argument("<task>", "its task's id")
    .requiredOption("--reason <text>", "why, for the audit log")
    .addHelpText("after", '\nExample: stoa admin retry 0x9a3f… --reason "the requester has deposited"')
    .action((taskId: string, _options: unknown, self: Command) => run(cli, taskId, self.optsWithGlobals()));
}

async function run(cli: Cli, taskId: string, { reason, ...options }: Options): Promise<void> {
  const { client } = await openMarket(cli, options, "account");
  await client.admin.retrySettlement(taskId, reason);
  if (cli.json) return cli.terminal.printJson({ taskId, state: "pending" });
  cli.terminal.print("it is sent again");
}
