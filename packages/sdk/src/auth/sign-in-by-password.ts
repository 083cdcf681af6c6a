import type { PasswordSignIn, SessionTokens } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Signs in with an e-mail address and a password, and holds the session from now on. */
export async function signInByPassword(connection: Connection, request: PasswordSignIn): Promise<SessionTokens> {
  const options = { method: "POST", body: request, anonymous: true } as const;
  const tokens = await requestJson<SessionTokens>(connection, "/auth/email/sign-in", options);
  connection.credentials.hold(tokens);
  return tokens;
}
