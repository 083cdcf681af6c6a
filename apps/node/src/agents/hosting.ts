import {
  type Address,
  AgentPageSchema,
  AgentViewSchema,
  agentVersionId,
  type Hash,
  type Manifest,
  parseManifest,
  StoaError,
} from "@stoa/protocol";
import { type Models, mostModelCost, openEndpoint } from "@stoa/sandbox";
import type { Logger } from "pino";
import { Value } from "typebox/value";
import type { RemoteAgents } from "../config.ts";
import type { MarketApi } from "../market-api.ts";
import { openArtifactCache } from "./artifact-cache.ts";

/** An agent version this node runs. */
export interface HostedAgent {
  versionId: Hash;
  manifest: Manifest;
  creator: Address;
  /** The most an execution may spend on language models, in the token's smallest unit; absent when it uses none. */
  mostModelCost?: bigint;
}

export interface Hosting {
  agents(): ReadonlyMap<Hash, HostedAgent>;
  /** Hosts every active agent that is wanted and drops what was retired; true when something changed. */
  refresh(): Promise<boolean>;
  /** Hosts one newly published version when it is wanted. */
  consider(versionId: Hash): Promise<boolean>;
  /** An artifact, from the cache or the market, checked against its hash. */
  artifact(hash: Hash): Promise<Uint8Array>;
  /** Clears the cache of what an earlier run of the node left half written; before anything else is asked. */
  sweep(): Promise<void>;
}

export interface HostingOptions {
  api: MarketApi;
  cacheFolder: string;
  /** Most that is kept of artifacts. */
  cacheBytes: number;
  /** Names of agents to host; null for all. */
  wanted: readonly string[] | null;
  /** The language models its agents may use. */
  models: Models;
  remote: RemoteAgents;
  /** Whether it runs agents that are containers. */
  hasContainers: boolean;
  log: Logger;
}

async function fetchAgent(api: MarketApi, versionId: Hash): Promise<HostedAgent & { state: string }> {
  const view = await api.json(`/agents/${versionId}`);
  if (!Value.Check(AgentViewSchema, view))
    throw new StoaError("invalid_manifest", `GET /agents/${versionId} is not an agent`);
  const manifest = parseManifest(view.manifest);
  const actual = agentVersionId(manifest);
  if (actual !== versionId) throw new StoaError("wrong_hash", `the manifest of ${versionId} has hash ${actual}`);
  return { versionId, manifest, creator: view.creator, state: view.state };
}

async function listActive(api: MarketApi): Promise<{ versionId: Hash; name: string }[]> {
  const found: { versionId: Hash; name: string }[] = [];
  let cursor: string | null = null;
  do {
    const page: unknown = await api.json(`/agents?state=active&limit=100${cursor === null ? "" : `&cursor=${cursor}`}`);
    if (!Value.Check(AgentPageSchema, page))
      throw new StoaError("invalid_request", "GET /agents did not answer a page of agents");
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

/** Keeps the set of agents a node hosts, with everything needed to run them on its own disk. */
export function createHosting(options: HostingOptions): Hosting {
  const { api, cacheFolder, cacheBytes, wanted, models, remote, hasContainers, log } = options;
  const hosted = new Map<Hash, HostedAgent>();
  /** Versions that need what this node lacks, which are not fetched again. */
  const beyond = new Set<Hash>();
  const joining = new Map<Hash, Promise<boolean>>();
  const isWanted = (name: string) => wanted === null || wanted.includes(name);

  const cache = openArtifactCache({
    folder: cacheFolder,
    maxBytes: cacheBytes,
    fetch: (hash) => api.artifact(hash),
    isHosted: (hash) =>
      [...hosted.values()].some(({ manifest: { artifact } }) => artifact.kind !== "remote" && artifact.hash === hash),
    log,
  });

  /** Sees that everything is there to run an agent with. */
  async function require(manifest: Manifest): Promise<void> {
    const { artifact: of } = manifest;
    if (of.kind !== "remote") return void (await cache.get(of.hash));
    if (remote === "none")
      throw new StoaError("invalid_artifact", `${manifest.name} is behind an endpoint; this node hosts no such agents`);
    openEndpoint({ manifest: { ...manifest, artifact: of }, allowLoopback: remote === "loopback" })[Symbol.dispose]();
  }

  function isBeyond({ versionId, manifest }: HostedAgent, needed: string): false {
    beyond.add(versionId);
    log.warn({ versionId, agent: manifest.name, needed }, "an agent needs what this node lacks and is not hosted");
    return false;
  }

  /** One at a time for a version: its publication and a refresh may meet. */
  function host(versionId: Hash): Promise<boolean> {
    const ongoing = joining.get(versionId) ?? fetchAndHost(versionId).finally(() => joining.delete(versionId));
    joining.set(versionId, ongoing);
    return ongoing;
  }

  async function fetchAndHost(versionId: Hash): Promise<boolean> {
    if (hosted.has(versionId) || beyond.has(versionId)) return false;
    try {
      const { state, ...agent } = await fetchAgent(api, versionId);
      if (state !== "active" || !isWanted(agent.manifest.name)) return false;
      const { name, version, limits, grants, artifact: named } = agent.manifest;
      if (named.kind === "container" && !hasContainers) return isBeyond(agent, "a container engine");
      const mostCost = mostModelCost(grants, models);
      if (mostCost === undefined) return isBeyond(agent, `the models ${grants.llm?.models.join(", ")}`);
      await require(agent.manifest);
      hosted.set(versionId, mostCost === 0n ? agent : { ...agent, mostModelCost: mostCost });
      log.info({ versionId, agent: name, version, limits, grants }, "hosting an agent");
      return true;
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind === "retry") throw error;
      log.error({ versionId, err: error }, "an agent cannot be hosted");
      return false;
    }
  }

  return {
    agents: () => hosted,
    consider: host,
    artifact: cache.get,
    sweep: cache.sweep,
    async refresh() {
      const active = await listActive(api);
      const ids = new Set(active.map((agent) => agent.versionId));
      let changed = false;
      for (const versionId of hosted.keys()) {
        if (!ids.has(versionId)) changed = hosted.delete(versionId) || changed;
      }
      for (const agent of active) {
        if (isWanted(agent.name)) changed = (await host(agent.versionId)) || changed;
      }
      return changed;
    },
  };
}
