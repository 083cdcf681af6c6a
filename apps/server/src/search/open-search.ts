import { type MeaningState, StoaError } from "@stoa/protocol";
import type { AgentHits, AgentQuery } from "@stoa/search";
import type { Logger } from "pino";
import type { EffectContext } from "../effects/effect-context.ts";
import { lead } from "../effects/lead.ts";
import { embedAgents } from "./embed-agents.ts";
import { type EmbedderSettings, openEmbedder } from "./embedder.ts";
import { embedQueries } from "./embed-queries.ts";
import { followAgents } from "./follow-agents.ts";
import { IndexThread } from "./index-thread.ts";
import { keepRecords } from "./keep-records.ts";
import { openVectors } from "./open-vectors.ts";

/** Searches that wait at once: more would wait for seconds. */
const MOST_WAITING = 500;
/** A thread that does not last is not started without a pause; searches are refused meanwhile. */
const AGAIN_MS = 250;

export interface SearchAnswer extends AgentHits {
  meaning: MeaningState;
}

export interface SearchQuery extends Pick<AgentQuery, "text" | "filter" | "after" | "limit"> {
  /** Whose query it is: an account, or an address. */
  caller: string;
}

/** Finds agents. */
export interface Search extends AsyncDisposable {
  /**
   * Waits for the index to hold every agent, at the start, and searches it.
   * @throws {StoaError} `server_unavailable`, `too_many_requests`
   */
  search(query: SearchQuery): Promise<SearchAnswer>;
}

type SearchContext = Pick<EffectContext, "database" | "market"> & { log: Logger };

/**
 * Opens a server's search: an index of every agent in a thread, which follows what is published and retired through any
 * server; and, with an embedder, the vectors of agents, which one of the servers has made.
 */
export async function openSearch(
  { database, market, log }: SearchContext,
  settings: { embedder?: EmbedderSettings | undefined } = {},
): Promise<Search> {
  const closing = new AbortController();
  const { signal } = closing;
  const context = { database, market, log, signal };
  const embedder = settings.embedder && openEmbedder(settings.embedder);
  const vectors = embedder && (await openVectors(context, embedder.model));
  let waiting = 0;
  let index = openIndex();
  const followed = followAgents(context, { index: () => index, vectors });
  const vectorOf = embedQueries(embedder, log);

  function openIndex(): IndexThread {
    return new IndexThread((error) => {
      log.error({ err: error }, "the search index is lost and is built anew");
      setTimeout(reopen, AGAIN_MS).unref();
    });
  }

  function reopen(): void {
    if (signal.aborted) return;
    index = openIndex();
    followed.refill();
  }

  const ended = [
    followed.ended,
    lead(context, "records", (term) => keepRecords({ ...context, signal: term }, followed.wake)).ended,
    ...(embedder && vectors
      ? [
          lead(context, "embeddings", (term) =>
            embedAgents({ ...context, signal: term }, { embedder, vectors, onWritten: followed.wake }),
          ).ended,
        ]
      : []),
  ];

  return {
    async search({ caller, ...query }) {
      if (waiting >= MOST_WAITING) throw new StoaError("too_many_requests", `${waiting} searches wait already`);
      waiting += 1;
      try {
        const [{ state, vector }] = await Promise.all([vectorOf(query.text, caller), followed.filled()]);
        const nearest = vector && (await vectors?.nearest?.(index, vector, query.filter));
        const found = await index.call("search", { ...query, ...(nearest ? { nearest } : { vector }) });
        return { ...found, meaning: state === "used" && !found.byMeaning ? "away" : state };
      } finally {
        waiting -= 1;
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled(ended);
      await index[Symbol.asyncDispose]();
    },
  };
}
