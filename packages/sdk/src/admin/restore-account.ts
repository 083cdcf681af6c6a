import type { OverseenAccount } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lets a suspended account take part again. */
export function restoreAccount(connection: Connection, id: string, reason: string): Promise<OverseenAccount> {
  return requestJson(connection, `/admin/accounts/${encodeURIComponent(id)}/restore`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
