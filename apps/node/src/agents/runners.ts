import { totalmem } from "node:os";
import { type AgentVersionId, isContainer } from "@stoa/protocol";
import {
  type BrokerOptions,
  createBroker,
  createContainerRunner,
  createRemoteRunner,
  createRunner,
  detectContainment,
  type EndpointOptions,
  type Runner,
} from "@stoa/sandbox";
import type { ContainerHost } from "./open-container-host.ts";
import pLimit from "p-limit";
import type { HostedAgent, Hosting } from "./hosting.ts";

/** What a sandbox process takes of memory, its agent's share mostly unused; together they get half of the machine's. */
const PROCESS_BYTES = 160 << 20;
const MIN_PROCESSES = 4;

/** Agent versions kept ready; the least recently used idle one makes room. */
const READY_AGENTS = 8;

interface Ready {
  runner: Promise<Runner>;
  users: number;
}

export interface Runners extends AsyncDisposable {
  /** Runs something with the agent's runner, which is made when needed. */
  use<T>(agent: HostedAgent, work: (runner: Runner) => Promise<T>): Promise<T>;
}

export interface RunnersOptions {
  hosting: Hosting;
  /** What the node lends agents that ask for it. */
  given: Omit<BrokerOptions, "versionId" | "grants">;
  /** How endpoints are called. */
  remote: Omit<EndpointOptions, "manifest">;
  /** Absent where no agents that are containers are hosted. */
  containers: ContainerHost | undefined;
}

/** Keeps one runner per agent version in use, and a few ready for the next task. */
export function createRunners({ hosting, given, remote, containers }: RunnersOptions): Runners {
  const ready = new Map<string, Ready>();
  const containment = detectContainment();
  containment.catch(() => undefined);
  // A node may have more slots than memory: what waits for a model or another agent is better off in a queue.
  const places = pLimit(Math.max(MIN_PROCESSES, Math.floor(totalmem() / 2 / PROCESS_BYTES)));

  async function start(agent: HostedAgent): Promise<Runner> {
    const { manifest } = agent;
    const { artifact } = manifest;
    if (artifact.kind === "remote") return createRemoteRunner({ manifest: { ...manifest, artifact }, ...remote });
    const versionId = agent.versionId as AgentVersionId;
    const broker = createBroker({ versionId, grants: manifest.grants, ...given });
    const bytes = await hosting.artifact(artifact.hash);
    return isContainer(manifest) && containers
      ? await createContainerRunner({ manifest, artifact: bytes, broker, ...containers })
      : await createRunner({ manifest, artifact: bytes, broker, places, containment: await containment });
  }

  function acquire(agent: HostedAgent): Ready {
    const entry = ready.get(agent.versionId) ?? { runner: start(agent), users: 0 };
    ready.delete(agent.versionId);
    ready.set(agent.versionId, entry);
    entry.users += 1;
    entry.runner.catch(() => ready.delete(agent.versionId));
    return entry;
  }

  async function evict(): Promise<void> {
    for (const [versionId, entry] of ready) {
      if (ready.size <= READY_AGENTS) return;
      if (entry.users > 0) continue;
      ready.delete(versionId);
      await (await entry.runner)[Symbol.asyncDispose]();
    }
  }

  return {
    async use(agent, work) {
      const entry = acquire(agent);
      try {
        return await work(await entry.runner);
      } finally {
        entry.users -= 1;
        await evict();
      }
    },
    async [Symbol.asyncDispose]() {
      const entries = [...ready.values()];
      ready.clear();
      await Promise.allSettled(entries.map(async (entry) => (await entry.runner)[Symbol.asyncDispose]()));
    },
  };
}
