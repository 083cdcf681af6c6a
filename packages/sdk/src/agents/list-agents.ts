import type { AgentSummary, ListAgentsQuery, Page } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists published agent versions, the newest first. */
export function listAgents(connection: Connection, query: ListAgentsQuery = {}): Promise<Page<AgentSummary>> {
  return requestJson(connection, "/agents", { query });
}
