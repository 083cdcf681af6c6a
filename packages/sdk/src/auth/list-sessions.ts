import type { SignedInSession } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists where the account is signed in. */
export async function listSessions(connection: Connection): Promise<SignedInSession[]> {
  return (await requestJson<{ items: SignedInSession[] }>(connection, "/auth/sessions")).items;
}
