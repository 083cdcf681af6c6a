import type { AuctionBids } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads an open auction's bids and passes so far, in the order they were taken. */
export function getAuctionBids(connection: Connection, id: string): Promise<AuctionBids> {
  return requestJson(connection, `/auctions/${encodeURIComponent(id)}/bids`);
}
