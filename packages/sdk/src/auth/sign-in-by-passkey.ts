import type { PasskeySigned, SessionTokens } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Signs in by what a device signed, and holds the session from now on. */
export async function signInByPasskey(connection: Connection, signed: PasskeySigned): Promise<SessionTokens> {
  const options = { method: "POST", body: signed, anonymous: true } as const;
  const tokens = await requestJson<SessionTokens>(connection, "/auth/passkeys/sign-in", options);
  connection.credentials.hold(tokens);
  return tokens;
}
