import { agentVersionId, type Hash, type Json, type Manifest, StoaError } from "@stoa/protocol";
import { createBroker, createRunner } from "@stoa/sandbox";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { openMarket } from "../profile/open-market.ts";
import { printable } from "../terminal/printable.ts";
import { compareRuns } from "./compare-runs.ts";

/** What came of a task's agent, there and here. */
interface Comparison {
  taskId: string;
  agent: string;
  same: boolean;
  problems: string[];
  fuel: { there: number | null; here: number | null };
}

export function rerun(cli: Cli): Command {
  return new Command("rerun")
    .description("run a task's deterministic agent again, in the sandbox here, and compare what came of it")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .addHelpText(
      "after",
      `
Its agent must have limits.fuel in its manifest. The command ends with code 1 when the result is another one.

Examples: stoa task rerun 0x1a2b3c4d
          stoa task rerun 0x1a2b3c4d --json`,
    )
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const task = await client.tasks.get(id);
  const execution = task.executions.find(({ state }) => state === "delivered");
  if (!execution) throw new StoaError("not_found", `the task has no result; it is ${task.state}`);
  const { manifest } = await client.agents.get(execution.agentVersion);
  if (agentVersionId(manifest) !== execution.agentVersion)
    throw new StoaError("wrong_hash", `the market gave another manifest than that of ${execution.agentVersion}`);
  terminal.waiting(`fetching ${manifest.name} ${manifest.version}`);
  const artifact = await client.agents.artifact(requireDeterministic(manifest));
  const { input } = await client.tasks.input(task.id);
  const there = await client.tasks.result(task.id);
  terminal.waiting("running it again");
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: {} });
  await using runner = await createRunner({ manifest, artifact, broker });
  const here = await runner.run({ executionId: task.id, input: input as Json, signal: cli.abort.signal });
  const fuel = { there: execution.stats?.fuel ?? null, here: here.stats.fuel ?? null };
  const problems = compareRuns({ output: there.output as Json, hash: there.hash, fuel: fuel.there }, here);
  const agent = `${manifest.name} ${manifest.version}`;
  tell(cli, { taskId: task.id, agent, same: problems.length === 0, problems, fuel });
}

/** The hash of the artifact of an agent that gives the same wherever it runs. */
function requireDeterministic({ name, version, limits, artifact }: Manifest): Hash {
  if (limits.fuel === undefined || artifact.kind === "remote")
    throw new StoaError(
      "invalid_request",
      `${name} ${version} is not deterministic: its manifest has no limits.fuel, so another run may give another result`,
    );
  return artifact.hash;
}

function tell(cli: Cli, comparison: Comparison): void {
  const { terminal } = cli;
  const { agent, same, problems, fuel } = comparison;
  if (!same) cli.exitCode = exitCodes.failure;
  if (cli.json) return terminal.printJson(comparison);
  const { green, red } = terminal.out;
  const used = fuel.here === null ? "" : `, with ${fuel.here.toLocaleString("en")} of fuel`;
  if (same) return terminal.print(`${green("the same")} from ${agent}${used}`);
  terminal.print(`${red("another result")} from ${agent}`);
  for (const problem of problems) terminal.print(`${red("✗")} ${printable(problem)}`);
}
