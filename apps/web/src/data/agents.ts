import { queryOptions } from "@tanstack/react-query";
import type { AgentSummary, ListAgentsQuery } from "@stoa/protocol";
import { reader } from "../market/connection.ts";

export const agentKeys = { lists: ["agents"] as const, one: (id: string) => ["agent", id] as const };

/** Most pages of agents that are read to be searched here. */
const MAX_PAGES = 20;

async function readAll(query: ListAgentsQuery): Promise<AgentSummary[]> {
  const all: AgentSummary[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, nextCursor } = await reader.agents.list({ ...query, limit: 100, ...(cursor ? { cursor } : {}) });
    all.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return all;
}

/** Every agent version on offer, the newest first. */
export const agentsQuery = queryOptions({
  queryKey: [...agentKeys.lists, "active"],
  queryFn: () => readAll({ state: "active" }),
});

/** Agents that fit words, near spellings and meaning, the best first. */
export function agentSearchQuery(q: string, capability: string | undefined) {
  return queryOptions({
    queryKey: [...agentKeys.lists, "search", q, capability],
    queryFn: async () => {
      const { items } = await reader.agents.searchPage({ q, limit: 100, ...(capability ? { capability } : {}) });
      return items;
    },
    // The last answer stays in view while the next is on its way.
    placeholderData: (before) => before,
    enabled: q !== "",
  });
}

export function agentQuery(id: string) {
  return queryOptions({ queryKey: agentKeys.one(id), queryFn: () => reader.agents.get(id) });
}

/** All versions of one creator's agent, the newest first. */
export function versionsQuery(name: string, creator: string) {
  return queryOptions({
    queryKey: [...agentKeys.lists, "versions", name, creator],
    queryFn: () => readAll({ name, creator: creator as `0x${string}` }),
  });
}
