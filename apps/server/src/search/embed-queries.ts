import type { MeaningState } from "@stoa/protocol";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { Allowance } from "../quotes/allowance.ts";
import type { Embedder } from "./embedder.ts";

/** A search waits no longer for its query's vector. */
const PATIENCE_MS = 2_000;
/** How long an embedder that failed is left alone. */
const REST_MS = 5_000;
/** Vectors of queries that are kept. */
const REMEMBERED = 2_000;
/** New vectors one caller may have made a minute: each costs the operator something. */
const PER_MINUTE = 120;
/** Queries that wait for the embedder at once: more are searched for by their words alone. */
const MOST_AT_ONCE = 32;

export interface QueryVector {
  state: MeaningState;
  vector?: Float32Array | undefined;
}

/**
 * Opens what makes vectors of queries. One that was asked for lately is not asked for again, and an embedder that is away
 * or slow keeps no search from its words: the state says so.
 */
export function embedQueries(
  embedder: Embedder | undefined,
  log: Logger,
): (text: string, caller: string) => Promise<QueryVector> {
  const allowance = new Allowance(PER_MINUTE);
  const known = new LRUCache<string, Float32Array>({ max: REMEMBERED });
  const asking = new Map<string, Promise<QueryVector>>();
  let restsUntil = 0;

  async function ask(embedder: Embedder, text: string): Promise<QueryVector> {
    try {
      const [vector] = await embedder.embed([text], AbortSignal.timeout(PATIENCE_MS));
      if (vector) known.set(text, vector);
      return { state: "used", vector };
    } catch (error) {
      restsUntil = performance.now() + REST_MS;
      log.warn({ err: error }, "a query is searched for by its words alone");
      return { state: "away" };
    } finally {
      asking.delete(text);
    }
  }

  return async (text, caller) => {
    if (!embedder) return { state: "none" };
    const key = text.trim().replaceAll(/\s+/g, " ");
    const vector = known.get(key);
    if (vector) return { state: "used", vector };
    const asked = asking.get(key);
    if (asked) return asked;
    if (asking.size >= MOST_AT_ONCE || performance.now() < restsUntil) return { state: "away" };
    if (allowance.take(caller, Date.now()) > 0) return { state: "away" };
    const answer = ask(embedder, key);
    asking.set(key, answer);
    return answer;
  };
}
