import type { MailSent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Joins an e-mail address to the account, which signs in by it and the password once a mailed link confirmed it. */
export function joinEmail(connection: Connection, request: { email: string; password: string }): Promise<MailSent> {
  return requestJson(connection, "/auth/email", { method: "POST", body: request });
}
