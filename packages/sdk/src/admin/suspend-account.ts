import type { OverseenAccount } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Keeps an account out of the market until it is restored. */
export function suspendAccount(connection: Connection, id: string, reason: string): Promise<OverseenAccount> {
  return requestJson(connection, `/admin/accounts/${encodeURIComponent(id)}/suspend`, {
    method: "POST",
    body: { reason },
    repeatable: true,
  });
}
