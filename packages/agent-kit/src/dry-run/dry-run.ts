import { type Cost, costOf, matchSchema } from "@stoa/core";
import { type ExecutionFailureReason, type ExecutionStats, type Json, limits } from "@stoa/protocol";
import type { AgentFiles } from "../project/read-agent.ts";
import { type OpenAgentOptions, startAgent } from "../testing/open-agent.ts";
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
  /** What a node of the given cost would ask for it, the creator's royalty within, in the token's smallest unit. */
  price: bigint;
}

export interface DryRunOptions extends OpenAgentOptions {
  cost: Cost;
  onLog?(name: string, lines: string[]): void;
  signal?: AbortSignal;
}

/**
 * Runs an agent over inputs as a node would, one after the other, each in a fresh instance of a warm sandbox, for free.
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when the agent may not be run
 */
export async function dryRun(
  agent: AgentFiles,
  recordings: readonly Recording[],
  { cost, onLog, signal, ...options }: DryRunOptions,
): Promise<DryRun[]> {
  await using started = await startAgent(agent, options);
  const { input: inputSchema, royalty } = agent.manifest;
  const runs: DryRun[] = [];
  for (const { name, input, expected } of recordings) {
    const inputBytes = bytesOf(input);
    const outcome = await started.run(input, {
      ...(signal && { signal }),
      ...(onLog && { onLog: (lines) => onLog(name, lines) }),
    });
    const price = costOf(cost, inputBytes, outcome.stats.wallMs) + BigInt(royalty);
    const told = { name, isExpected: expected !== undefined, stats: outcome.stats, inputBytes, price };
    const tooLarge =
      inputBytes > limits.inputBytes
        ? [`the input has ${inputBytes} bytes, at most ${limits.inputBytes} are taken`]
        : [];
    if (outcome.status === "ok") {
      const problems = [...tooLarge, ...(expected === undefined ? [] : differences(expected, outcome.output))];
      const { output } = outcome;
      runs.push({
        ...told,
        passed: problems.length === 0,
        reason: null,
        problems,
        output,
        outputBytes: bytesOf(output),
      });
    } else {
      const unfit = outcome.reason === "bad_input" ? matchSchema(inputSchema, input) : [];
      const problems = unfit.length > 0 ? unfit.map((problem) => `input ${problem}`) : [outcome.message];
      runs.push({ ...told, passed: false, reason: outcome.reason, problems, output: null, outputBytes: 0 });
    }
  }
  return runs;
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
