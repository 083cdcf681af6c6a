import type { Query, QueryClient } from "@tanstack/react-query";
import type { Round } from "@stoa/protocol";
import type { AnyEvent } from "@stoa/sdk/reader";
import { useSyncExternalStore } from "react";
import { applyEvents } from "../data/apply-events.ts";
import { reader } from "./connection.ts";
import { sessionStore } from "./session-store.ts";

/** `away`: the market does not answer, and what is shown is how it was. */
export type LiveState = "connecting" | "live" | "away";

const PAUSE_MS = 2_000;

let state: LiveState = "connecting";
const listeners = new Set<() => void>();

function become(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/**
 * Follows the market's events for as long as the page is open, and keeps the query cache by them. There is one stream;
 * who signs in or out is seen by a new one, since it decides which events come.
 */
export function followMarket(queryClient: QueryClient): void {
  let watching = new AbortController();
  let who = sessionStore.read()?.tokens.account.id;
  sessionStore.subscribe(() => {
    const now = sessionStore.read()?.tokens.account.id;
    if (now === who) return;
    who = now;
    watching.abort();
  });
  void (async () => {
    for (;;) {
      watching = new AbortController();
      await follow(queryClient, watching.signal).catch(() => become("away"));
      if (!watching.signal.aborted) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
}

async function follow(queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  for await (const frame of reader.events.frames({ signal, onLost: () => become("away") })) {
    if (frame.kind === "open") {
      become("live");
      // What happened while nobody listened is not known: all of it is asked for again, but what is on its way already.
      void queryClient.invalidateQueries({ predicate: (query) => !isOver(query) }, { cancelRefetch: false });
    } else applyEvents(queryClient, frame.events as AnyEvent[]);
  }
}

/** A closed round that nobody looks at: what it awarded does not change. */
function isOver(query: Query): boolean {
  const [noun] = query.queryKey;
  return noun === "round" && !query.isActive() && (query.state.data as Round | undefined)?.state === "closed";
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
