import type { ChainSync } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Reads how far the market has read its chain: its index, and its ledger, which takes what is final enough.
 * @throws {StoaError} `chain_unavailable`, `server_unavailable`
 */
export async function getChainSync(connection: Connection): Promise<ChainSync> {
  return requestJson<ChainSync>(connection, "/market/chain", { anonymous: true });
}
