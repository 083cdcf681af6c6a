import type { KeyRequest, NewApiKey } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Makes an API key; the answer is the only time it is told. Needs a wallet's session. */
export function createKey(connection: Connection, request: KeyRequest): Promise<NewApiKey> {
  return requestJson(connection, "/auth/keys", { method: "POST", body: request });
}
