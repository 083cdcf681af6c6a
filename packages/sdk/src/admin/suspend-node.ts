import type { Node } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Keeps a node out of the market until it is restored. */
export function suspendNode(connection: Connection, id: string, reason: string): Promise<Node> {
  return requestJson(connection, `/admin/nodes/${encodeURIComponent(id)}/suspend`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
