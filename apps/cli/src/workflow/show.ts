import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { drawWorkflow } from "./draw-workflow.ts";

interface Options extends GlobalOptions {
  result?: boolean;
}

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show a workflow: its steps with their states and prices")
    .argument("<id>", "the workflow's id, or its first eight digits or more")
    .option("--result", "only its result, as JSON")
    .addHelpText("after", "\nExample: stoa workflow show 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "account");
  if (options.result) return terminal.printJson((await client.workflows.result(id)).output);
  const workflow = await client.workflows.get(id);
  if (cli.json) return terminal.printJson(workflow);
  const { failure, charged, held, left } = workflow;
  const rest = workflow.endedAt === null ? `left ${money.bare(left)}` : `refunded ${money.bare(left)}`;
  terminal.print(`${terminal.out.bold(workflow.name)}  ${workflow.state}`);
  terminal.print(
    fields(terminal.out, [
      ["id", workflow.id],
      ["policy", workflow.spec.policy],
      ["budget", `${money.format(workflow.budget)}: charged ${money.bare(charged)}, held ${money.bare(held)}, ${rest}`],
      ["opened", workflow.openedAt],
      ["ended", workflow.endedAt ?? undefined],
      ["failed", failure ? `${failure.step}: ${failure.reason}, ${failure.message}` : undefined],
    ]),
  );
  terminal.print();
  terminal.print(drawWorkflow(terminal.out, money, workflow));
}
