import type { PublishedAuction } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads a closed open auction's public record, as nobody has checked it yet. */
export function getAuctionRecord(connection: Connection, id: string): Promise<PublishedAuction> {
  return requestJson(connection, `/auctions/${encodeURIComponent(id)}/record`);
}
