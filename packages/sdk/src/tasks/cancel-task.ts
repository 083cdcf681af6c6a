import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Takes an open task back and releases its hold; its requester only.
 * @throws {StoaError} `wrong_state` when it is awarded already
 */
export async function cancelTask(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/tasks/${encodeURIComponent(id)}/cancel`, { method: "POST" });
}
