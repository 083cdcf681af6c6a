import type { Session } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Says who this client is to the market, and what it may do. */
export function getSession(connection: Connection): Promise<Session> {
  return requestJson(connection, "/auth/session");
}
