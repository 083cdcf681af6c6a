import type { Events, EventTopic } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads public events and the caller's own after a place in the log, oldest first. */
export function listEvents(
  connection: Connection,
  { topics, ...query }: { after?: number; limit?: number; topics?: readonly EventTopic[] } = {},
): Promise<Events> {
  return requestJson(connection, "/events", { query: { ...query, topics: topics?.join(",") } });
}
