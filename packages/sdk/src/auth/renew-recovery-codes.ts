import type { RecoveryCodes, SecondFactorRequest } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Makes other recovery codes; those before are worthless. */
export function renewRecoveryCodes(connection: Connection, request: SecondFactorRequest): Promise<RecoveryCodes> {
  return requestJson(connection, "/auth/second-factor/recovery-codes", { method: "POST", body: request });
}
