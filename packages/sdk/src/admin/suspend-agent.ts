import type { Agent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Keeps an agent version out of the market until it is restored. */
export function suspendAgent(connection: Connection, id: string, reason: string): Promise<Agent> {
  return requestJson(connection, `/admin/agents/${encodeURIComponent(id)}/suspend`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
