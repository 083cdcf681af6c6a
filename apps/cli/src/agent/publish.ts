import { resolve } from "node:path";
import { type DryRun, dryRun, openProject, readRecordings } from "@stoa/agent-kit/project";
import { DEFAULT_COST, readCost, toCost } from "@stoa/core";
import { StoaError } from "@stoa/protocol";
import { readModels } from "@stoa/sandbox";
import { admissionReport } from "@stoa/sandbox/admission";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { tellAdmission } from "./tell-admission.ts";
import { tellDryRuns } from "./tell-dry-runs.ts";

interface Options extends GlobalOptions {
  artifact?: string;
  test: boolean;
  llm?: string;
  docker?: string;
}

export function publish(cli: Cli): Command {
  return new Command("publish")
    .description("build an agent, try its recorded inputs, and publish it under your wallet's signature")
    .argument("[path]", "its folder, or its manifest; its build.js is run where what it built is missing or old", ".")
    .option("--artifact <file>", "its artifact, when it is not beside the manifest")
    .option("--llm <file>", "language models that its recorded inputs may use (JSON)")
    .option(
      "--docker <socket>",
      "container engine that runs its recorded inputs, when it is a container (default: as of agent test)",
    )
    .option("--no-test", "publish it without running its recorded inputs first")
    .addHelpText("after", "\nExamples: stoa agent publish\n          stoa agent publish examples/agents/summarize")
    .action((path: string, _options: unknown, command: Command) => run(cli, path, command.optsWithGlobals()));
}

async function run(cli: Cli, path: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const artifactPath = options.artifact === undefined ? undefined : resolve(cli.cwd, options.artifact);
  terminal.waiting("building");
  const project = await openProject(resolve(cli.cwd, path), artifactPath);
  const { manifest, artifact, folder } = project;
  const admission = await admissionReport(manifest, artifact);
  const { client, info, money, wallet } = await openMarket(cli, options, "account");
  const signer = await wallet();
  if (!cli.json) tellAdmission(terminal, manifest, admission, money);
  const recordings = options.test ? await readRecordings(folder) : [];
  const runs: DryRun[] = [];
  if (recordings.length > 0) {
    terminal.waiting("running its recorded inputs");
    const { decimals } = info.token;
    const cost = toCost(readCost(DEFAULT_COST)!, decimals);
    // Keys of models may stand in whatever variable their file names.
    const models =
      options.llm === undefined
        ? undefined
        : await readModels(resolve(cli.cwd, options.llm), { decimals, env: process.env });
    const lent = { ...(models && { models }), ...(options.docker !== undefined && { dockerSocket: options.docker }) };
    runs.push(...(await dryRun(project, recordings, { cost, ...lent, signal: cli.abort.signal })));
    if (!cli.json) tellDryRuns(terminal, runs, money);
    requirePassed(runs);
  }
  terminal.waiting(`publishing ${manifest.name} ${manifest.version}`);
  const published = await client.agents.publish({
    manifest,
    ...(artifact && { artifact }),
    signer,
    onProgress: (sent, bytes) => terminal.waiting(`uploading ${megabytes(sent)} of ${megabytes(bytes)} MB`),
  });
  const { name, version } = manifest;
  if (cli.json) return terminal.printJson({ ...published, name, version, admission, runs });
  const done = published.created ? terminal.out.green("published") : "was published already";
  terminal.print(`${terminal.out.bold(`${name} ${version}`)} ${done}`);
  terminal.print(
    fields(terminal.out, [
      ["id", published.versionId],
      ["royalty", `${money.format(manifest.royalty)} per execution, to ${signer.address}`],
    ]),
  );
}

function megabytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}

function requirePassed(runs: readonly DryRun[]): void {
  const failed = runs.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const problems = failed.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
  throw new StoaError(
    "execution_failed",
    `nothing was published: ${failed.length} of ${runs.length} recorded inputs failed (--no-test leaves them out): ${problems[0]}`,
    { details: { problems } },
  );
}
