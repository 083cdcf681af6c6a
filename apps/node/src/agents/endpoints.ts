import { type Hash, isRemote } from "@stoa/protocol";
import { type EndpointOptions, probeEndpoint } from "@stoa/sandbox";
import type { Logger } from "pino";
import type { HostedAgent, Hosting } from "./hosting.ts";

/** How long an endpoint has to give a sign of life. */
const PROBE_TIMEOUT_MS = 5_000;
/** An endpoint that was silent once is asked again this soon: one lost packet is no silence. */
const DOUBT_MS = 1_000;
const SILENT_AFTER = 2;
/** One that stays silent is asked ever less, down to this part: it may be of somebody who never wanted to be asked. */
const SELDOM = 8;

export interface EndpointStatus {
  /** Name and version. */
  agent: string;
  url: string;
  state: EndpointState;
  /** ISO text: since when the state is what it is. */
  since: string;
  /** Why it is silent, in words. */
  detail: string;
}

/*
 *   new ──answered──▶ answers ◀──answered── silent
 *    └──2 × silent──────┴──2 × silent────────▲
 *
 * Only an endpoint that answers is bid for.
 */
type EndpointState = "new" | "answers" | "silent";

/** The endpoints of hosted agents, and which of them give signs of life. */
export interface Endpoints extends AsyncDisposable {
  /** Begins to ask them. */
  watch(changed: () => void): void;
  /** Takes up what is newly hosted, and leaves what is not hosted any more. */
  follow(): void;
  /** An execution failed: the agent's endpoint, if it has one, is asked at once. */
  doubt(versionId: Hash): void;
  unreachable(): ReadonlySet<Hash>;
  status(): EndpointStatus[];
}

export interface EndpointsOptions {
  hosting: Pick<Hosting, "agents">;
  remote: Omit<EndpointOptions, "manifest">;
  everyMs: number;
  log: Logger;
}

interface Followed {
  agent: HostedAgent;
  state: EndpointState;
  sinceMs: number;
  detail: string;
  misses: number;
  timer: NodeJS.Timeout | undefined;
  probing: Promise<void> | undefined;
}

function waitMs(misses: number, everyMs: number): number {
  if (misses === 0) return everyMs;
  if (misses < SILENT_AFTER) return Math.min(DOUBT_MS, everyMs);
  return everyMs * Math.min(2 ** (misses - SILENT_AFTER), SELDOM);
}

/** Asks endpoints for signs of life, apart from the work they do: dead ones are found before a task is lost on them. */
export function createEndpoints({ hosting, remote, everyMs, log }: EndpointsOptions): Endpoints {
  const followed = new Map<Hash, Followed>();
  const stopping = new AbortController();
  let changed: (() => void) | undefined;

  function move(endpoint: Followed, state: EndpointState, detail: string): void {
    const isNews = endpoint.state !== state;
    if (!isNews && endpoint.detail === detail) return;
    const { name, artifact } = endpoint.agent.manifest;
    if (isNews) log[state === "silent" ? "warn" : "info"]({ agent: name, artifact, detail }, `an endpoint ${state}`);
    if (isNews) endpoint.sinceMs = Date.now();
    Object.assign(endpoint, { state, detail });
    changed?.();
  }

  async function ask(endpoint: Followed): Promise<void> {
    const { manifest } = endpoint.agent;
    if (!isRemote(manifest)) return;
    const problem = await probeEndpoint({ manifest, ...remote }, stopping.signal, PROBE_TIMEOUT_MS);
    if (stopping.signal.aborted) return;
    endpoint.misses = problem === null ? 0 : endpoint.misses + 1;
    if (problem === null) move(endpoint, "answers", "");
    else if (endpoint.misses >= SILENT_AFTER) move(endpoint, "silent", problem);
  }

  function probe(endpoint: Followed): void {
    clearTimeout(endpoint.timer);
    endpoint.probing ??= ask(endpoint)
      .catch((error: unknown) => log.error({ err: error }, "an endpoint could not be asked"))
      .finally(() => {
        endpoint.probing = undefined;
        if (stopping.signal.aborted || followed.get(endpoint.agent.versionId) !== endpoint) return;
        endpoint.timer = setTimeout(() => probe(endpoint), waitMs(endpoint.misses, everyMs));
      });
  }

  function follow(): void {
    const hosted = hosting.agents();
    for (const [versionId, endpoint] of followed) {
      if (hosted.has(versionId)) continue;
      clearTimeout(endpoint.timer);
      followed.delete(versionId);
    }
    for (const agent of hosted.values()) {
      if (!isRemote(agent.manifest) || followed.has(agent.versionId)) continue;
      const fresh = { state: "new" as const, sinceMs: Date.now(), detail: "", misses: 0 };
      const endpoint: Followed = { agent, ...fresh, timer: undefined, probing: undefined };
      followed.set(agent.versionId, endpoint);
      probe(endpoint);
    }
    changed?.();
  }

  return {
    watch(listener) {
      changed = listener;
      follow();
    },
    follow,
    doubt(versionId) {
      const endpoint = followed.get(versionId);
      if (endpoint) probe(endpoint);
    },
    unreachable() {
      const remotes = [...hosting.agents().values()].filter(({ manifest }) => isRemote(manifest));
      const silent = remotes.filter(({ versionId }) => followed.get(versionId)?.state !== "answers");
      return new Set(silent.map(({ versionId }) => versionId));
    },
    status: () =>
      [...followed.values()].flatMap(({ agent: { manifest }, state, sinceMs, detail }) =>
        isRemote(manifest)
          ? [
              {
                agent: `${manifest.name}@${manifest.version}`,
                url: manifest.artifact.url,
                state,
                since: new Date(sinceMs).toISOString(),
                detail,
              },
            ]
          : [],
      ),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const { timer } of followed.values()) clearTimeout(timer);
      await Promise.all([...followed.values()].flatMap(({ probing }) => probing ?? []));
    },
  };
}
