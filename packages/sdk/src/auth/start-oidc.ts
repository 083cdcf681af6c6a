import type { OidcStart } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Begins to sign in by a site: send the person to the address, and keep the ticket until they are back. */
export function startOidc(connection: Connection, provider: string): Promise<OidcStart> {
  const path = `/auth/oidc/${encodeURIComponent(provider)}/start`;
  return requestJson(connection, path, { method: "POST", anonymous: true });
}
