import { setTimeout as wait } from "node:timers/promises";
import { StoaError } from "@stoa/protocol";
import { wordsOf } from "@stoa/search";
import type { NewestAgentRow } from "@stoa/store";
import type { EffectContext } from "../effects/effect-context.ts";
import { repeat, type Repeated } from "../effects/repeat.ts";
import { type Embedder, MOST_TEXTS } from "./embedder.ts";
import { tellsOfAgent } from "./tells-of-agent.ts";
import type { VectorStore } from "./vector-store.ts";

/** How soon agents whose vectors could not be made are looked at again. */
const LOOK_MS = 30_000;
/** An embedder has this long for one request. */
const PATIENCE_MS = 60_000;
/** One that refuses more than this is out of order: what it refuses then is asked for again. */
const MOST_REFUSED = 1_000;

/**
 * Has vectors made of the agents that have none: of all at the start and after a gap, and then of those an event tells
 * of. A text that the embedder refuses is asked for once more by itself, and then left out until the next start.
 */
export function embedAgents(
  { market, log, signal }: Pick<EffectContext, "market" | "log" | "signal">,
  { embedder, vectors, onWritten }: { embedder: Embedder; vectors: VectorStore; onWritten: () => void },
): Pick<Repeated, "ended"> {
  const refused = new Set<string>();
  /** Names to look at; null: all of them. */
  let names: Set<string> | null = null;

  async function look(): Promise<void> {
    const looked = names;
    names = new Set();
    if (looked?.size === 0) return;
    try {
      await lookAt(looked && [...looked]);
    } catch (error) {
      names = looked && names && new Set([...looked, ...names]);
      throw error;
    }
  }

  async function lookAt(of: readonly string[] | null): Promise<void> {
    for (let after: string | null = null; !signal.aborted;) {
      const agents: NewestAgentRow[] = await vectors.missing({ names: of, after, limit: MOST_TEXTS });
      const asked = agents.filter(({ versionId }) => !refused.has(versionId));
      if (asked.length > 0) await embed(asked);
      if (agents.length < MOST_TEXTS) return;
      after = agents.at(-1)!.name;
      // Others have their turn between two batches.
      await wait(0);
    }
  }

  async function embed(agents: readonly NewestAgentRow[]): Promise<void> {
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const made = await embedder.embed(agents.map(embeddedText), within);
      await vectors.insert(agents.map(({ versionId }, at) => ({ versionId, vector: made[at]! })));
      onWritten();
    } catch (error) {
      if (signal.aborted || !isRefusal(error) || refused.size >= MOST_REFUSED) throw error;
      if (agents.length > 1) {
        for (const agent of agents) await embed([agent]);
        return;
      }
      refused.add(agents[0]!.versionId);
      log.warn({ err: error, agent: agents[0]!.name }, "an agent's description has no vector: the embedder refuses it");
    }
  }

  const looks = repeat({ name: "embed agents", everyMs: LOOK_MS, signal, log }, look);
  const unsubscribe = [
    market.events.onAppended((events) => {
      const told = events.filter(tellsOfAgent);
      for (const event of told) names?.add(event.data.name);
      if (told.length > 0) looks.wake();
    }),
    market.events.onGap(() => {
      names = null;
      looks.wake();
    }),
  ];
  signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
  return looks;
}

/** What a vector is made of. */
export function embeddedText({
  name,
  description,
  capabilities,
}: Pick<NewestAgentRow, "name" | "description" | "capabilities">): string {
  return `${wordsOf(name).join(" ")}: ${description}\n${capabilities.join(", ")}`;
}

/**
 * Whether the embedder looked at what it was given and would not have it, or made something of it that is no vector;
 * anything else is worth another try.
 */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof StoaError) || error.code !== "embedder_unavailable") return false;
  if (error.cause === undefined) return true;
  const { statusCode } = error.cause as { statusCode?: number };
  return statusCode !== undefined && [400, 413, 422].includes(statusCode);
}
