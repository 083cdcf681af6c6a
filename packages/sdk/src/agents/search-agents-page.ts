import type { AgentMatchPage, SearchAgentsQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Finds agents by words, near spellings and meaning: one page of them, the best first. */
export function searchAgentsPage(connection: Connection, query: SearchAgentsQuery): Promise<AgentMatchPage> {
  return requestJson(connection, "/agents/search", { query });
}
