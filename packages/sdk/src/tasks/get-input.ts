import type { TaskInput } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a task's input, for its requester. */
export function getInput(connection: Connection, id: string): Promise<TaskInput> {
  return requestJson(connection, `/tasks/${encodeURIComponent(id)}/input`);
}
