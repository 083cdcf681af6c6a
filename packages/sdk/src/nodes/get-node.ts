import type { Node } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads one node. */
export function getNode(connection: Connection, id: string): Promise<Node> {
  return requestJson(connection, `/nodes/${encodeURIComponent(id)}`);
}
