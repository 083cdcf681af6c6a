import type { AgentMatch, SearchAgentsQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { searchAgentsPage } from "./search-agents-page.ts";

/**
 * Finds agents by words, near spellings and meaning, the best first. Pages are read as they are needed; an agent that
 * moved to a later page meanwhile comes once.
 * @example
 * for await (const agent of client.agents.search({ q: "summarise a report", maxPrice: "50000" }))
 *   console.log(agent.score, agent.name, agent.found);
 */
export async function* searchAgents(
  connection: Connection,
  query: Omit<SearchAgentsQuery, "cursor">,
): AsyncGenerator<AgentMatch, void, void> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchAgentsPage>> = await searchAgentsPage(connection, {
      ...query,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const agent of page.items) {
      if (seen.has(agent.name)) continue;
      seen.add(agent.name);
      yield agent;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}
