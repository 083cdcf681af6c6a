import { matchSchema } from "@stoa/core";
import { type Json, limits, StoaError, type TaskSpec } from "@stoa/protocol";
import type { Reads } from "../reads/open-reads.ts";

/**
 * Checks that some active agent offers what the task asks for and takes its input.
 * @throws {StoaError} `unknown_capability`, `input_mismatch` with each agent's problems, `too_large`
 */
export async function checkInput(reads: Reads, spec: TaskSpec, input: Json, inputBytes: number): Promise<void> {
  if (inputBytes > limits.inputBytes) {
    throw new StoaError("too_large", `the input has ${inputBytes} bytes, at most ${limits.inputBytes} are taken`);
  }
  const offering = await reads.agentsOf(spec.capability);
  const agents = spec.agentVersion ? offering.filter(({ versionId }) => versionId === spec.agentVersion) : offering;
  if (agents.length === 0) {
    const which = spec.agentVersion ? `the agent ${spec.agentVersion} does not offer` : "no agent offers";
    throw new StoaError("unknown_capability", `${which} ${spec.capability}`);
  }
  const problems: Record<string, string[]> = {};
  for (const agent of agents) {
    const found = matchSchema(agent.manifest.input, input);
    if (found.length === 0) return;
    problems[agent.name] ??= found;
  }
  const [name = "", first = []] = Object.entries(problems)[0] ?? [];
  throw new StoaError("input_mismatch", `${name}: ${first.join("; ")}`, { details: { problems } });
}
