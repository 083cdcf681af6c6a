import { resolve } from "node:path";
import { dryRun, openProject, readRecordings, type Recording } from "@stoa/agent-kit/project";
import { DEFAULT_COST, readCost, toCost } from "@stoa/core";
import { agentVersionId, type Json, StoaError } from "@stoa/protocol";
import { readModels } from "@stoa/sandbox";
import { admissionReport } from "@stoa/sandbox/admission";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { readInput } from "../task/read-input.ts";
import { moneyOf } from "../terminal/money.ts";
import { printable } from "../terminal/printable.ts";
import { tellAdmission } from "./tell-admission.ts";
import { tellDryRuns } from "./tell-dry-runs.ts";

interface Options extends GlobalOptions {
  artifact?: string;
  input: string[];
  cost: string;
  httpAllow?: string;
  llm?: string;
  docker?: string;
}

/** No market is asked: prices are told in a token of the usual decimals. */
const TOKEN = { symbol: "of the token", decimals: 6 };
/** Keys of models may stand in whatever variable their file names. */
const MODELS = { decimals: TOKEN.decimals, env: process.env };

export function test(cli: Cli): Command {
  return new Command("test")
    .description("run an agent's recorded inputs here, for free, in the sandbox that nodes run it in")
    .argument("[path]", "its folder, or its manifest; its build.js is run where what it built is missing or old", ".")
    .option("--input <file|json>", "an input instead of the recorded ones; may be repeated", collect, [])
    .option("--cost <terms>", "cost of the node whose price is told", DEFAULT_COST)
    .option("--http-allow <hosts>", "hosts it may reach when its manifest names them too")
    .option("--llm <file>", "language models it may use when its manifest names them too (JSON)")
    .option(
      "--docker <socket>",
      "container engine, when it is a container (default: DOCKER_HOST, or /var/run/docker.sock)",
    )
    .option("--artifact <file>", "its artifact, when it is not beside the manifest")
    .addHelpText(
      "after",
      `
Recorded inputs are inputs/NAME.json; inputs/NAME.expected.json beside one is what is to come of it.

Examples: stoa agent test
          stoa agent test word-count --input '{"text":"one two"}' --json`,
    )
    .action((path: string, _options: unknown, command: Command) => run(cli, path, command.optsWithGlobals()));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

async function run(cli: Cli, path: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const costText = readCost(options.cost);
  if (!costText) throw new StoaError("invalid_request", `--cost must be like ${DEFAULT_COST}, got ${options.cost}`);
  terminal.waiting("building");
  const artifactPath = options.artifact === undefined ? undefined : resolve(cli.cwd, options.artifact);
  const project = await openProject(resolve(cli.cwd, path), artifactPath);
  const { manifest, artifact, isBuiltNow } = project;
  const admission = await admissionReport(manifest, artifact);
  const recordings =
    options.input.length > 0 ? await readInputs(cli, options.input) : await readRecordings(project.folder);
  if (recordings.length === 0)
    throw new StoaError(
      "not_found",
      `${path} has no recorded inputs: write inputs/NAME.json, or give one with --input`,
    );
  terminal.waiting("running");
  const runs = await dryRun(project, recordings, {
    cost: toCost(costText, TOKEN.decimals),
    ...(options.llm !== undefined && { models: await readModels(resolve(cli.cwd, options.llm), MODELS) }),
    ...(options.docker !== undefined && { dockerSocket: options.docker }),
    httpAllow: options.httpAllow?.split(",").map((host) => host.trim()) ?? [],
    signal: cli.abort.signal,
    onLog: (name, lines) => lines.forEach((line) => terminal.note(terminal.err.dim(`${printable(name)} | ${line}`))),
  });
  const passed = runs.every((run) => run.passed);
  if (!passed) cli.exitCode = exitCodes.failure;
  if (cli.json) {
    const { name, version } = manifest;
    return terminal.printJson({
      name,
      version,
      versionId: agentVersionId(manifest),
      isBuiltNow,
      passed,
      admission,
      runs,
    });
  }
  const money = moneyOf({ token: TOKEN });
  tellAdmission(terminal, manifest, admission, money);
  terminal.print();
  tellDryRuns(terminal, runs, money);
}

/** JSON is known by how it begins; anything else is a file. */
async function readInputs(cli: Cli, given: readonly string[]): Promise<Recording[]> {
  return Promise.all(
    given.map(async (text, at) => {
      const isJson = /^\s*["{[]/.test(text);
      const name = isJson ? `--input ${at + 1}` : text;
      return { name, input: isJson ? parseJson(text, name) : await readJsonFile(cli, text) };
    }),
  );
}

async function readJsonFile(cli: Cli, path: string): Promise<Json> {
  const read = await readInput(cli, path, true);
  return read.kind === "json" ? read.value : read.text;
}

function parseJson(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new StoaError("malformed_json", `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
