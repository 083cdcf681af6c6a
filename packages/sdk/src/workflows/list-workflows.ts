import type { ListWorkflowsQuery, Page, WorkflowSummary } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the caller's workflows, the newest first. */
export function listWorkflows(connection: Connection, query: ListWorkflowsQuery = {}): Promise<Page<WorkflowSummary>> {
  return requestJson(connection, "/workflows", { query });
}
