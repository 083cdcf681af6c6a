import type { SecondFactorRequest } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Has no second factor asked for any more. */
export async function endSecondFactor(connection: Connection, request: SecondFactorRequest): Promise<void> {
  await requestJson(connection, "/auth/second-factor/end", { method: "POST", body: request });
}
