import { matchSchema } from "@stoa/core";
import { type Json, limits, type Manifest, StoaError, type TaskSpec } from "@stoa/protocol";
import type { Database } from "@stoa/store";

/**
 * Checks that some active agent offers what the task asks for and takes its input.
 * @throws {StoaError} `unknown_capability`, `input_mismatch` with each agent's problems, `too_large`
 */
export async function checkInput(database: Database, spec: TaskSpec, input: Json, inputBytes: number): Promise<void> {
  if (inputBytes > limits.inputBytes) {
    throw new StoaError("too_large", `the input has ${inputBytes} bytes, at most ${limits.inputBytes} are taken`);
  }
  const agents = await database.query<{ versionId: string; name: string; manifest: Manifest }>(
    `select version_id as "versionId", name, manifest from agents
      where state = 'active' and capabilities @> array[$1::text] and ($2::text is null or version_id = $2)
      order by published_at desc`,
    [spec.capability, spec.agentVersion ?? null],
  );
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
