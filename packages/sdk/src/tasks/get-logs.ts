import type { TaskLogs } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads what a task's executions wrote, for its requester. */
export function getLogs(connection: Connection, id: string): Promise<TaskLogs> {
  return requestJson(connection, `/tasks/${encodeURIComponent(id)}/logs`);
}
