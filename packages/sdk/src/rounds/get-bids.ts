import type { RoundBids } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads what the asked nodes answered; only once the round is closed. */
export function getBids(connection: Connection, id: string): Promise<RoundBids> {
  return requestJson(connection, `/auctions/rounds/${encodeURIComponent(id)}/bids`);
}
