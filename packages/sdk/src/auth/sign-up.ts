import type { MailSent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Asks for an account with an e-mail address and a password; a mailed link makes it. */
export function signUp(connection: Connection, request: { email: string; password: string }): Promise<MailSent> {
  return requestJson(connection, "/auth/email/sign-up", { method: "POST", body: request, anonymous: true });
}
