import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Links whom a site vouches for, by what it sent back, to the account. */
export async function linkOidc(
  connection: Connection,
  provider: string,
  back: { ticket: string; query: string },
): Promise<void> {
  await requestJson(connection, `/auth/oidc/${encodeURIComponent(provider)}/links`, { method: "POST", body: back });
}
