import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Unlinks a person of a site by the link's id. */
export async function unlinkOidc(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/auth/oidc/links/${encodeURIComponent(id)}`, { method: "DELETE" });
}
