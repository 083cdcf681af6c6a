import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { followWorkflow } from "./follow-workflow.ts";
import { readWorkflow, readWorkflowInput } from "./read-workflow.ts";

interface Options extends GlobalOptions {
  budget: string;
  input?: string;
  file: string[];
  watch?: boolean;
  accept: boolean;
}

const EXAMPLES = `
The file is JSON; prices are in the token's whole units:
  { "name": "read a report", "policy": "all-or-nothing", "steps": {
      "language": { "capability": "text.language", "maxPrice": "0.02", "deadlineSeconds": 120,
                    "input": { "text": { "$from": "$input/text" } } },
      "summary":  { "capability": "text.summarize", "maxPrice": "0.05", "deadlineSeconds": 120,
                    "input": { "text": { "$from": "$input/text" }, "language": { "$from": "language/language" } } } } }

Examples:
  stoa workflow submit examples/workflows/read-report.json --file text=README.md \\
    --file csv=examples/workflows/planets.csv --budget 0.2 --watch
  stoa workflow submit examples/workflows/languages-bundle.json --budget 0.06 --json`;

export function submit(cli: Cli): Command {
  return new Command("submit")
    .description("order several tasks under one budget: your wallet signs once, the market's runner orders each step")
    .argument("<file>", "the workflow, as JSON")
    .requiredOption("--budget <amount>", "the most all steps together may cost, platform fees included")
    .option("--input <file>", "the workflow's own input, as JSON")
    .option(
      "--file <name=path>",
      "puts a file's content under a name of the input; may be given again",
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    )
    .option("--watch", "follow it to its end, and print its result")
    .option("--no-accept", "with --watch: leave results to you that the workflow leaves to its requester")
    .addHelpText("after", EXAMPLES)
    .action((file: string, _options: unknown, self: Command) => run(cli, file, self.optsWithGlobals()));
}

async function run(cli: Cli, file: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const market = await openMarket(cli, options, "account");
  const { client, money } = market;
  const spec = await readWorkflow(cli, file, money);
  const input = await readWorkflowInput(cli, options.input, options.file);
  const signer = await market.wallet();
  const { workflowId } = await client.workflows.submit({ spec, input, budget: money.parse(options.budget), signer });
  if (options.watch) return followWorkflow(cli, market, workflowId, { accept: options.accept });
  if (cli.json) return terminal.printJson({ workflowId });
  terminal.print(workflowId);
  terminal.note(terminal.err.dim(`Follow it: stoa workflow watch ${workflowId.slice(0, 12)}`));
}
