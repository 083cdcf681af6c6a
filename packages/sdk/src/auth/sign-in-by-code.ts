import type { SessionTokens } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Ends a sign-in that a second factor was asked for, by the ticket in the error's details and a code. */
export async function signInByCode(
  connection: Connection,
  request: { ticket: string; code: string },
): Promise<SessionTokens> {
  const options = { method: "POST", body: request, anonymous: true } as const;
  const tokens = await requestJson<SessionTokens>(connection, "/auth/second-factor/sign-in", options);
  connection.credentials.hold(tokens);
  return tokens;
}
