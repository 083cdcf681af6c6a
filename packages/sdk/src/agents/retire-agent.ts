import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Takes an agent version off the market; its creator only. */
export async function retireAgent(connection: Connection, versionId: string): Promise<void> {
  await requestJson(connection, `/agents/${encodeURIComponent(versionId)}/retire`, {
    method: "POST",
    repeatable: true,
  });
}
