import type { Identities } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Tells all that signs in to the account. */
export function listIdentities(connection: Connection): Promise<Identities> {
  return requestJson(connection, "/auth/identities");
}
