import type { SessionTokens } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Exchanges a refresh token for a new pair. Never sent twice: a token used twice ends the session. */
export function refreshSession(connection: Connection, refreshToken: string): Promise<SessionTokens> {
  return requestJson(connection, "/auth/refresh", { method: "POST", body: { refreshToken }, anonymous: true });
}
