import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Has a dead task tried again under the order that opened it; its requester only. Its maximum price is held again.
 * @throws {StoaError} `wrong_state` when it is not dead, `invalid_deadline` when its order's deadline is too near,
 *   `insufficient_funds`
 */
export async function retryTask(connection: Connection, id: string): Promise<void> {
  await requestJson(connection, `/tasks/${encodeURIComponent(id)}/retry`, { method: "POST" });
}
