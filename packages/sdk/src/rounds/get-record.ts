import type { PublishedRound } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a closed round's public record, as nobody has checked it yet. */
export function getRecord(connection: Connection, id: string): Promise<PublishedRound> {
  return requestJson(connection, `/auctions/rounds/${encodeURIComponent(id)}/record`);
}
