import type { Account } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Reads the caller's account and what the market's ledger says it holds. */
export function getAccount(connection: Connection): Promise<Account> {
  return requestJson(connection, "/account");
}
