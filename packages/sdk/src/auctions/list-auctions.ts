import type { AuctionSummary, ListAuctionsQuery, Page } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists open auctions, the newest first. */
export function listAuctions(connection: Connection, query: ListAuctionsQuery = {}): Promise<Page<AuctionSummary>> {
  return requestJson(connection, "/auctions", { query });
}
