/** Builds an example agent and runs its artifact in the real sandbox, as a node would: for the agents' tests. */
import { agentVersionId, type Json } from "@stoa/protocol";
import { createBroker, createRunner, type ExecutionOutcome } from "@stoa/sandbox";
import { type AgentName, buildExample } from "./build.ts";

/** An agent at work. */
export interface RunningAgent extends AsyncDisposable {
  run(input: Json, onProgress?: (fraction: number) => void): Promise<ExecutionOutcome>;
  /** The output, or an error with the reason there is none. */
  outputOf<Output>(input: Json): Promise<Output>;
}

/** Builds an agent and starts a runner for it. */
export async function runBuiltAgent(name: AgentName): Promise<RunningAgent> {
  const { manifest, artifact } = await buildExample(name);
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: manifest.grants });
  const runner = await createRunner({ manifest, artifact, broker });
  const run: RunningAgent["run"] = (input, onProgress) =>
    runner.run({ executionId: "test", input, ...(onProgress && { onProgress }) });
  return {
    run,
    async outputOf<Output>(input: Json) {
      const outcome = await run(input);
      if (outcome.status === "failed") throw new Error(`${name} failed with ${outcome.reason}: ${outcome.message}`);
      return outcome.output as Output;
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}
