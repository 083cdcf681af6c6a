import type { ChainLink, ListChainQuery, Page } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the closed rounds of a capability by their chain of hashes, the newest first, as nobody has checked it yet. */
export function listChain(
  connection: Connection,
  capability: string,
  query: ListChainQuery = {},
): Promise<Page<ChainLink>> {
  return requestJson(connection, `/auctions/chains/${encodeURIComponent(capability)}`, { query });
}
