import type { Workflow } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Gives a workflow up: nothing more is ordered, what nodes have already is done and paid. Said twice, it counts once. */
export function cancelWorkflow(connection: Connection, id: string): Promise<Workflow> {
  return requestJson(connection, `/workflows/${encodeURIComponent(id)}/cancel`, { method: "POST", repeatable: true });
}
