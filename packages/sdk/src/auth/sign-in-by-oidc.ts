import type { SessionTokens } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Signs in by what a site sent back, and holds the session from now on. */
export async function signInByOidc(
  connection: Connection,
  provider: string,
  back: { ticket: string; query: string },
): Promise<SessionTokens> {
  const path = `/auth/oidc/${encodeURIComponent(provider)}/sign-in`;
  const tokens = await requestJson<SessionTokens>(connection, path, { method: "POST", body: back, anonymous: true });
  connection.credentials.hold(tokens);
  return tokens;
}
