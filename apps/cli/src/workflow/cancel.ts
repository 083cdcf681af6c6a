import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

export function cancel(cli: Cli): Command {
  return new Command("cancel")
    .description("order nothing more of a workflow; what nodes have already is still done and paid")
    .argument("<id>", "the workflow's id, or its first eight digits or more")
    .addHelpText("after", "\nExample: stoa workflow cancel 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { client, money } = await openMarket(cli, options, "account");
  const workflow = await client.workflows.cancel(id);
  if (cli.json) return cli.terminal.printJson(workflow);
  cli.terminal.print(
    `the workflow ${workflow.id} orders nothing more; charged so far ${money.format(workflow.charged)}, with nodes ${money.format(workflow.held)}`,
  );
}
