import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { ListRoundsQuery } from "@stoa/protocol";
import { reader } from "../market/connection.ts";

export type RoundFilter = Pick<ListRoundsQuery, "capability" | "state">;

/** What an award was made at, with what it was for. */
export interface PastAward {
  taskId: string;
  roundId: string;
  capability: string;
  node: string;
  agentVersion: string;
  price: string;
  madeAt: string;
}

const PAGE_ITEMS = 50;
/** Closed rounds that recent prices are read from. */
const RECENT_ROUNDS = 30;

export const roundKeys = {
  lists: ["rounds"] as const,
  one: (id: string) => ["round", id] as const,
  awards: ["awards"] as const,
};

export function roundsQuery(filter: RoundFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [...roundKeys.lists, filter],
    queryFn: ({ pageParam }) =>
      reader.rounds.list({ ...filter, limit: PAGE_ITEMS, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

export function roundQuery(id: string) {
  return queryOptions({ queryKey: roundKeys.one(id), queryFn: () => reader.rounds.get(id) });
}

/** What the asked nodes answered; there is nothing to read before the round is closed. */
export function roundBidsQuery(id: string | undefined, enabled = true) {
  return queryOptions({
    queryKey: ["round", id, "bids"],
    queryFn: () => reader.rounds.bids(id ?? ""),
    staleTime: Infinity,
    enabled: enabled && id !== undefined,
  });
}

/** The newest awards, the newest first, out of the newest closed rounds. */
export function recentAwardsQuery(queryClient: QueryClient) {
  return queryOptions({
    queryKey: roundKeys.awards,
    queryFn: async (): Promise<PastAward[]> => {
      const { items } = await reader.rounds.list({ state: "closed", limit: RECENT_ROUNDS });
      const rounds = await Promise.all(
        // What a closed round awarded does not change: each is read once.
        items.map(({ id }) => queryClient.fetchQuery({ ...roundQuery(id), staleTime: Infinity })),
      );
      return rounds.flatMap(({ id, capability, awards = [] }) =>
        awards.map((award) => ({ ...award, roundId: id, capability })),
      );
    },
  });
}
