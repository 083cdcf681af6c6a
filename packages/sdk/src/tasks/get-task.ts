import type { Task } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a task by its id, or by eight or more of its first hex digits. */
export function getTask(connection: Connection, id: string): Promise<Task> {
  return requestJson(connection, `/tasks/${encodeURIComponent(id)}`);
}
