import type { ListRoundsQuery, Page, RoundSummary } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists rounds, the newest first. */
export function listRounds(connection: Connection, query: ListRoundsQuery = {}): Promise<Page<RoundSummary>> {
  return requestJson(connection, "/auctions/rounds", { query });
}
