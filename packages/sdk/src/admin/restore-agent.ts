import type { Agent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lets a suspended agent version take part again. */
export function restoreAgent(connection: Connection, id: string, reason: string): Promise<Agent> {
  return requestJson(connection, `/admin/agents/${encodeURIComponent(id)}/restore`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
