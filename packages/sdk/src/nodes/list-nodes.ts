import type { ListNodesQuery, Node, Page } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the market's nodes. */
export function listNodes(connection: Connection, query: ListNodesQuery = {}): Promise<Page<Node>> {
  return requestJson(connection, "/nodes", { query });
}
