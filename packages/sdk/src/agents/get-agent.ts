import type { Agent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads one agent version with its manifest. */
export function getAgent(connection: Connection, versionId: string): Promise<Agent> {
  return requestJson(connection, `/agents/${encodeURIComponent(versionId)}`);
}
