import type { Round } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a round; a closed one with its awards. */
export function getRound(connection: Connection, id: string): Promise<Round> {
  return requestJson(connection, `/auctions/rounds/${encodeURIComponent(id)}`);
}
