import type { OidcProviders } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the sites that people may sign in by. */
export async function listOidcProviders(connection: Connection): Promise<OidcProviders["items"]> {
  return (await requestJson<OidcProviders>(connection, "/auth/oidc", { anonymous: true })).items;
}
