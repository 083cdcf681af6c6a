import type { SecondFactorSetup } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Makes a secret for an authenticator app, and recovery codes; needs the password of an account that has one. */
export function beginSecondFactor(
  connection: Connection,
  request: { password?: string } = {},
): Promise<SecondFactorSetup> {
  return requestJson(connection, "/auth/second-factor", { method: "POST", body: request });
}
