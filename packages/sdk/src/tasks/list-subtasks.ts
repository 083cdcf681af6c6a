import type { Subtasks } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists what a task's agent ordered in its turn, and what that cost. */
export function listSubtasks(connection: Connection, id: string): Promise<Subtasks> {
  return requestJson(connection, `/tasks/${encodeURIComponent(id)}/subtasks`);
}
