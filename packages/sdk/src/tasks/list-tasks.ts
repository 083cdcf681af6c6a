import type { ListTasksQuery, Page, TaskSummary } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists tasks, the newest first. */
export function listTasks(connection: Connection, query: ListTasksQuery = {}): Promise<Page<TaskSummary>> {
  return requestJson(connection, "/tasks", { query });
}
