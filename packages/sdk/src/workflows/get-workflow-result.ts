import type { WorkflowResult } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads what a completed workflow gave. */
export function getWorkflowResult(connection: Connection, id: string): Promise<WorkflowResult> {
  return requestJson(connection, `/workflows/${encodeURIComponent(id)}/result`);
}
