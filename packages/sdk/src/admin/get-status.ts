import type { SystemStatus } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** How the market's machinery stands; admins only, as all of `admin`. */
export function getStatus(connection: Connection): Promise<SystemStatus> {
  return requestJson(connection, "/admin/status");
}
