import { agentVersionId, isContainer, isRemote, type Json, type Manifest, StoaError } from "@stoa/protocol";
import {
  createBroker,
  createContainerRunner,
  createRemoteRunner,
  createRunner,
  type ExecutionOutcome,
  type ExecutionRequest,
  type Models,
  openEngine,
  openKeyValueStore,
  type Runner,
} from "@stoa/sandbox";
import type { AgentFiles } from "../project/read-agent.ts";

/** An agent at work in the sandbox that nodes run it in. */
export interface OpenedAgent extends AsyncDisposable {
  manifest: Manifest;
  /** Always gives an outcome; what the agent did wrong stands in it. */
  run(input: Json, watch?: Pick<ExecutionRequest, "onLog" | "onProgress" | "signal">): Promise<ExecutionOutcome>;
  /** @throws {StoaError} `execution_failed` with the reason when there is no output */
  outputOf<Output extends Json>(input: Json): Promise<Output>;
}

export interface OpenAgentOptions {
  /** Hosts it may reach when its manifest names them too; none when absent. */
  httpAllow?: readonly string[];
  /** Language models it may use when its manifest names them too; none when absent. */
  models?: Models;
  /** Unix socket of the container engine that runs it, when it is a container; where one usually is, when absent. */
  dockerSocket?: string;
}

/**
 * Starts an agent that was read from disk: key-value memory lasts until it is closed, and nothing has others work. One
 * behind an endpoint is called there, also on this machine, by nobody's signature.
 */
export async function startAgent(agent: AgentFiles, options: OpenAgentOptions = {}): Promise<OpenedAgent> {
  const { manifest } = agent;
  const runner = await openRunner(agent, options);
  // What keeps its process from starting is told by the first run, as an outcome like any other.
  await runner.warm().catch(() => undefined);
  let executions = 0;
  const run: OpenedAgent["run"] = (input, watch) =>
    runner.run({ executionId: `run ${(executions += 1)}`, input, ...watch });
  return {
    manifest,
    run,
    async outputOf<Output extends Json>(input: Json) {
      const outcome = await run(input);
      if (outcome.status === "ok") return outcome.output as Output;
      throw new StoaError("execution_failed", `${outcome.reason}: ${outcome.message}`);
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

async function openRunner(
  { manifest, artifact }: AgentFiles,
  { httpAllow = [], models = new Map<never, never>(), dockerSocket }: OpenAgentOptions,
): Promise<Runner> {
  if (isRemote(manifest)) return createRemoteRunner({ manifest, allowLoopback: true });
  if (!artifact) throw new StoaError("invalid_artifact", `${manifest.name} has no artifact`);
  const broker = createBroker({
    versionId: agentVersionId(manifest),
    grants: manifest.grants,
    keyValue: openKeyValueStore(),
    http: { allowedHosts: httpAllow },
    llm: { models },
  });
  if (!isContainer(manifest)) return createRunner({ manifest, artifact, broker });
  // Whatever another run on this machine has at the same engine is not its own.
  const nodeId = `author${process.pid}`;
  return createContainerRunner({
    manifest,
    artifact,
    broker,
    engine: await openEngine(dockerSocket ?? usualSocket()),
    nodeId,
  });
}

/** Where Docker's own command looks for its engine. */
function usualSocket(): string {
  const host = process.env["DOCKER_HOST"] ?? "";
  return host.startsWith("unix://") ? host.slice("unix://".length) : "/var/run/docker.sock";
}
