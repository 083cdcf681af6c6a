import { type MarketInfo, MarketInfoSchema, schemaProblem, StoaError } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Reads the market's terms: its chain, vault, token, operator, fee and bounds.
 * @throws {StoaError} `server_unavailable` when what answers is no market
 */
export async function getMarket(connection: Pick<Connection, "url" | "fetch" | "credentials">): Promise<MarketInfo> {
  const info = await requestJson<MarketInfo>(connection as Connection, "/market", { anonymous: true });
  // Orders are signed over these terms: what does not fit is not signed over.
  const problem = schemaProblem(MarketInfoSchema, info);
  if (problem !== null)
    throw new StoaError("server_unavailable", `${connection.url} is no market this client knows: ${problem}`);
  return info;
}
