import type { OidcStart } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Begins to link a person of a site to the account: as starting a sign-in. */
export function startOidcLink(connection: Connection, provider: string): Promise<OidcStart> {
  return requestJson(connection, `/auth/oidc/${encodeURIComponent(provider)}/link`, { method: "POST" });
}
