import { reputationOf } from "@stoa/search";
import { findNewestAgents, listAgentRecords, listNewestAgents } from "@stoa/store";
import type { AgentRecordRow, NewestAgentRow } from "@stoa/store";
import type { EffectContext } from "../effects/effect-context.ts";
import { repeat, type Repeated } from "../effects/repeat.ts";
import type { IndexThread } from "./index-thread.ts";
import { tellsOfAgent } from "./tells-of-agent.ts";
import type { VectorStore } from "./vector-store.ts";

/** How often records are looked at, which nobody tells of. */
const LOOK_MS = 10_000;
/** Agents that go to the index at once. */
const AT_ONCE = 500;
/** Records written by other processes are seen at last this long after the instant in them. */
const LATE_MS = 60_000;

export interface Followed extends Pick<Repeated, "ended"> {
  /** Resolves when the index first holds every agent; so it does again after {@link refill}. */
  filled(): Promise<void>;
  /** Fills the index anew: another one has taken its place. */
  refill(): void;
  /** Looks for new vectors soon. */
  wake(): void;
}

/**
 * Keeps the index as the database says: every agent at the start and after a gap, and from then on those whose name an
 * event tells of, whichever process they were published or retired through.
 */
export function followAgents(
  { database, market, log, signal }: Pick<EffectContext, "database" | "market" | "log" | "signal">,
  { index, vectors }: { index: () => IndexThread; vectors: VectorStore | undefined },
): Followed {
  let names = new Set<string>();
  let isWhole = false;
  let since = 0;
  let filled = Promise.withResolvers<void>();

  async function look(): Promise<void> {
    const into = index();
    if (isWhole) await lookAtNames(into);
    else await lookAtAll(into);
    await vectors?.follow(into);
    await lookAtRecords(into);
    if (isWhole) filled.resolve();
  }

  async function lookAtAll(into: IndexThread): Promise<void> {
    // What an event tells of from here on is looked at again.
    names = new Set();
    isWhole = true;
    try {
      const seen = new Set<string>();
      for (let after: string | null = null; ;) {
        const agents: NewestAgentRow[] = await listNewestAgents(database, { after, limit: AT_ONCE });
        await put(into, agents);
        for (const { name } of agents) seen.add(name);
        after = agents.at(-1)?.name ?? null;
        if (agents.length < AT_ONCE || signal.aborted) break;
      }
      const known = await into.call("versions");
      await into.call(
        "remove",
        known.flatMap(({ name }) => (seen.has(name) || names.has(name) ? [] : [name])),
      );
    } catch (error) {
      isWhole = false;
      throw error;
    }
  }

  async function lookAtNames(into: IndexThread): Promise<void> {
    const asked = names;
    if (asked.size === 0) return;
    names = new Set();
    try {
      const agents = await findNewestAgents(database, [...asked]);
      const there = new Set(agents.map(({ name }) => name));
      await into.call(
        "remove",
        [...asked].filter((name) => !there.has(name)),
      );
      await put(into, agents);
    } catch (error) {
      names = new Set([...asked, ...names]);
      throw error;
    }
  }

  async function put(into: IndexThread, agents: readonly NewestAgentRow[]): Promise<void> {
    const added = await into.call("put", agents);
    try {
      await vectors?.fill(into, added);
    } catch (error) {
      // They come in again, with their vectors, at the next look.
      await into.call(
        "remove",
        agents.map(({ name }) => name),
      );
      throw error;
    }
  }

  async function lookAtRecords(into: IndexThread): Promise<void> {
    const rows = await listAgentRecords(database, Math.max(0, since - LATE_MS));
    await into.call(
      "setRecords",
      rows.map((row) => [row.versionId, recordOf(row)] as const),
    );
    for (const { updatedAt } of rows) since = Math.max(since, updatedAt);
  }

  const looks = repeat({ name: "search index", everyMs: LOOK_MS, signal, log }, look);
  const startAnew = () => {
    isWhole = false;
    looks.wake();
  };
  const unsubscribe = [
    market.events.onAppended((events) => {
      const told = events.filter(tellsOfAgent);
      for (const event of told) names.add(event.data.name);
      if (told.length > 0) looks.wake();
    }),
    market.events.onGap(startAnew),
    ...(vectors ? [vectors.onWritten(() => looks.wake())] : []),
  ];
  signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
  return {
    ended: looks.ended,
    filled: () => filled.promise,
    refill() {
      filled = Promise.withResolvers();
      since = 0;
      startAnew();
    },
    wake: () => looks.wake(),
  };
}

function recordOf({ delivered, failed, price, durationMs }: AgentRecordRow) {
  return {
    price,
    durationMs: durationMs === null ? null : Number(durationMs),
    reputation: reputationOf({ delivered, failed }),
  };
}
