import type { Events } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads public events and the caller's own after a place in the log, oldest first. */
export function listEvents(connection: Connection, query: { after?: number; limit?: number } = {}): Promise<Events> {
  return requestJson(connection, "/events", { query });
}
