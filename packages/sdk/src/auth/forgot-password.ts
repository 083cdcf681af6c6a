import type { MailSent } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Asks for a mail to reset the password with. */
export function forgotPassword(connection: Connection, email: string): Promise<MailSent> {
  return requestJson(connection, "/auth/password/forgot", { method: "POST", body: { email }, anonymous: true });
}
