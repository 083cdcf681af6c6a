import type { Node } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lets a suspended node take part again. */
export function restoreNode(connection: Connection, id: string, reason: string): Promise<Node> {
  return requestJson(connection, `/admin/nodes/${encodeURIComponent(id)}/restore`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
