import type { Auction } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads how an open auction stands; a closed one with its awards. */
export function getAuction(connection: Connection, id: string): Promise<Auction> {
  return requestJson(connection, `/auctions/${encodeURIComponent(id)}`);
}
