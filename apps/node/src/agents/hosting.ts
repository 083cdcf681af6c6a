import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@stoa/host";
import {
  type Address,
  AgentPageSchema,
  AgentViewSchema,
  agentVersionId,
  type Hash,
  hashBytes,
  type Manifest,
  parseManifest,
  StoaError,
} from "@stoa/protocol";
import type { Logger } from "pino";
import { Value } from "typebox/value";
import type { MarketApi } from "../market-api.ts";

/** An agent version this node runs. */
export interface HostedAgent {
  versionId: Hash;
  manifest: Manifest;
  creator: Address;
}

export interface Hosting {
  agents(): ReadonlyMap<Hash, HostedAgent>;
  /** Hosts every active agent that is wanted and drops what was retired; true when something changed. */
  refresh(): Promise<boolean>;
  /** Hosts one newly published version when it is wanted. */
  consider(versionId: Hash): Promise<boolean>;
  /** The artifact, from the cache or the market, checked against its hash. */
  artifact(agent: HostedAgent): Promise<Uint8Array>;
}

export interface HostingOptions {
  api: MarketApi;
  cacheFolder: string;
  /** Names of agents to host; null for all. */
  wanted: readonly string[] | null;
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
export function createHosting({ api, cacheFolder, wanted, log }: HostingOptions): Hosting {
  const hosted = new Map<Hash, HostedAgent>();
  const joining = new Map<Hash, Promise<boolean>>();
  const isWanted = (name: string) => wanted === null || wanted.includes(name);

  async function artifact({ manifest }: HostedAgent): Promise<Uint8Array> {
    const { hash } = manifest.artifact;
    const path = join(cacheFolder, hash);
    try {
      const bytes = await readFile(path);
      if (hashBytes(bytes) === hash) return bytes;
      log.warn({ hash }, "a cached artifact was damaged; it is fetched again");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const bytes = await api.artifact(hash);
    await writeWhole(path, bytes);
    return bytes;
  }

  /** One at a time for a version: its publication and a refresh may meet. */
  function host(versionId: Hash): Promise<boolean> {
    const ongoing = joining.get(versionId) ?? fetchAndHost(versionId).finally(() => joining.delete(versionId));
    joining.set(versionId, ongoing);
    return ongoing;
  }

  async function fetchAndHost(versionId: Hash): Promise<boolean> {
    if (hosted.has(versionId)) return false;
    try {
      const { state, ...agent } = await fetchAgent(api, versionId);
      if (state !== "active" || !isWanted(agent.manifest.name)) return false;
      await artifact(agent);
      hosted.set(versionId, agent);
      const { name, version, limits, grants } = agent.manifest;
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
    artifact,
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
