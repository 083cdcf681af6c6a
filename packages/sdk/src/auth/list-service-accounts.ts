import type { ServiceAccount } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists the service accounts that the account owns. */
export async function listServiceAccounts(connection: Connection): Promise<ServiceAccount[]> {
  return (await requestJson<{ items: ServiceAccount[] }>(connection, "/auth/service-accounts")).items;
}
