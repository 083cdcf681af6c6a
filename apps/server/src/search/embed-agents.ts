import { setTimeout as wait } from "node:timers/promises";
import { wordsOf } from "@stoa/search";
import type { NewestAgentRow } from "@stoa/store";
import type { EffectContext } from "../effects/effect-context.ts";
import { repeat, type Repeated } from "../effects/repeat.ts";
import { type Embedder, MOST_TEXTS } from "./embedder.ts";
import type { VectorStore } from "./vector-store.ts";

/** How often agents without a vector are looked for when nobody told of a new one. */
const LOOK_MS = 30_000;
/** An embedder has this long for one request. */
const PATIENCE_MS = 60_000;

/**
 * Has vectors made of the agents that have none, in batches, as they are published. A text that the embedder refuses is
 * asked for once more by itself, and then left out until the next start.
 */
export function embedAgents(
  { market, log, signal }: Pick<EffectContext, "market" | "log" | "signal">,
  { embedder, vectors, onWritten }: { embedder: Embedder; vectors: VectorStore; onWritten: () => void },
): Pick<Repeated, "ended"> {
  const refused = new Set<string>();

  async function look(): Promise<void> {
    while (!signal.aborted) {
      const agents = await vectors.missing([...refused], MOST_TEXTS);
      if (agents.length === 0) return;
      await embed(agents);
      // Others have their turn between two batches.
      await wait(0);
    }
  }

  async function embed(agents: readonly NewestAgentRow[]): Promise<void> {
    try {
      const made = await embedder.embed(
        agents.map(embeddedText),
        AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      );
      await vectors.insert(agents.map(({ versionId }, at) => ({ versionId, vector: made[at]! })));
      onWritten();
    } catch (error) {
      if (signal.aborted || !isRefusal(error)) throw error;
      if (agents.length > 1) return await embedEach(agents);
      refused.add(agents[0]!.versionId);
      log.warn({ err: error, agent: agents[0]!.name }, "an agent's description has no vector: the embedder refuses it");
    }
  }

  async function embedEach(agents: readonly NewestAgentRow[]): Promise<void> {
    for (const agent of agents) await embed([agent]);
  }

  const looks = repeat({ name: "embed agents", everyMs: LOOK_MS, signal, log }, look);
  const unsubscribe = market.events.onAppended((events) => {
    if (events.some(({ type }) => type === "agent.published" || type === "agent.retired")) looks.wake();
  });
  signal.addEventListener("abort", unsubscribe, { once: true });
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

/** Whether the embedder looked at what it was given and would not have it; anything else is worth another try. */
function isRefusal(error: unknown): boolean {
  const { statusCode } = ((error as Error).cause ?? {}) as { statusCode?: number };
  return statusCode !== undefined && [400, 413, 422].includes(statusCode);
}
