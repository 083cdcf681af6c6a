import type { ServiceAccount } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Makes an account for a program, which acts for the owner's wallets by keys of its own. */
export function createServiceAccount(connection: Connection, name: string): Promise<ServiceAccount> {
  return requestJson(connection, "/auth/service-accounts", { method: "POST", body: { name } });
}
