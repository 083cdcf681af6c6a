import type { OverseenAccount, Role } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Gives an account its roles, and ends its sessions. */
export function setRoles(
  connection: Connection,
  id: string,
  body: { roles: Role[]; reason: string },
): Promise<OverseenAccount> {
  return requestJson(connection, `/admin/accounts/${encodeURIComponent(id)}/roles`, { method: "PUT", body });
}
