import { type Cost, costOf, matchSchema } from "@stoa/core";
import {
  type ExecutionFailureReason,
  type ExecutionStats,
  type Json,
  limits,
  type Manifest,
  StoaError,
} from "@stoa/protocol";
import { type ExecutionOutcome, mostModelCost } from "@stoa/sandbox";
import type { AgentFiles } from "../project/read-agent.ts";
import { type OpenAgentOptions, startAgent } from "../testing/start-agent.ts";
import { differences } from "./differences.ts";
import type { Recording } from "./read-recordings.ts";

/** What came of one input. */
export interface DryRun {
  name: string;
  passed: boolean;
  /** Why the agent gave nothing; null when it gave an output. */
  reason: ExecutionFailureReason | null;
  /** What is wrong, each with its place: of the input, of the output, or against what was expected. */
  problems: string[];
  output: Json | null;
  isExpected: boolean;
  stats: ExecutionStats;
  inputBytes: number;
  outputBytes: number;
  /**
   * What a node of the given cost would ask for it, the most its language models may cost and the creator's royalty
   * within, in the token's smallest unit; null for what is not paid.
   */
  price: bigint | null;
}

export interface DryRunOptions extends OpenAgentOptions {
  cost: Cost;
  onLog?(name: string, lines: string[]): void;
  signal?: AbortSignal;
}

/**
 * Runs an agent over inputs as a node would, one after the other, each in a fresh instance of a warm sandbox, for free.
 * A deterministic agent runs each of them twice, and must give and use the same.
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when the agent may not be run, `invalid_request` when it is not
 *   lent the language models it needs
 */
export async function dryRun(
  agent: AgentFiles,
  recordings: readonly Recording[],
  { cost, onLog, signal, ...options }: DryRunOptions,
): Promise<DryRun[]> {
  const { grants, name, royalty } = agent.manifest;
  const models = mostModelCost(grants, options.models ?? new Map<never, never>());
  if (models === undefined)
    throw new StoaError(
      "invalid_request",
      `${name} uses the language models ${grants.llm?.models.join(", ")}: name a file of them (--llm)`,
    );
  await using started = await startAgent(agent, options);
  const priceOf = (inputBytes: number, wallMs: number) => costOf(cost, inputBytes, wallMs) + models + BigInt(royalty);
  const runs: DryRun[] = [];
  for (const recording of recordings) {
    const outcome = await started.run(recording.input, {
      ...(signal && { signal }),
      ...(onLog && { onLog: (lines) => onLog(recording.name, lines) }),
    });
    const run = judge(agent.manifest, recording, outcome, priceOf);
    if (agent.manifest.limits.fuel !== undefined && outcome.status === "ok") {
      const again = await started.run(recording.input, { ...(signal && { signal }) });
      run.problems.push(...repetitionProblems(outcome, again));
      run.passed &&= run.problems.length === 0;
    }
    runs.push(run);
  }
  return runs;
}

function judge(
  manifest: Manifest,
  { name, input, expected }: Recording,
  outcome: ExecutionOutcome,
  priceOf: (inputBytes: number, wallMs: number) => bigint,
): DryRun {
  const inputBytes = bytesOf(input);
  const told = { name, isExpected: expected !== undefined, stats: outcome.stats, inputBytes };
  if (outcome.status === "failed") {
    const unfit = outcome.reason === "bad_input" ? matchSchema(manifest.input, input) : [];
    const problems = unfit.length > 0 ? unfit.map((problem) => `input ${problem}`) : [outcome.message];
    return { ...told, passed: false, reason: outcome.reason, problems, output: null, outputBytes: 0, price: null };
  }
  const { output, stats } = outcome;
  const problems = expected === undefined ? [] : differences(expected, output);
  if (inputBytes > limits.inputBytes)
    problems.unshift(`the input has ${inputBytes} bytes, a task takes at most ${limits.inputBytes}`);
  const price = priceOf(inputBytes, stats.wallMs);
  const passed = problems.length === 0;
  return { ...told, passed, reason: null, problems, output, outputBytes: bytesOf(output), price };
}

/** What is wrong when an agent that must give the same did not. */
function repetitionProblems(first: ExecutionOutcome & { status: "ok" }, again: ExecutionOutcome): string[] {
  if (again.status === "failed") return [`run again, it failed: ${again.message}`];
  const others = differences(first.output, again.output).map((difference) => `run again, ${difference}`);
  const [before, after] = [first.stats.fuel, again.stats.fuel];
  return before === after ? others : [...others, `run again, it used ${after} of fuel instead of ${before}`];
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
