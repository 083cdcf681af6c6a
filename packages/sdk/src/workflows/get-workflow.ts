import type { Workflow } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a workflow of the caller's, by its id or its first eight digits or more. */
export function getWorkflow(connection: Connection, id: string): Promise<Workflow> {
  return requestJson(connection, `/workflows/${encodeURIComponent(id)}`);
}
