import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Has a refused settlement be sent again at once; an order is paid once, whatever happens. */
export function retrySettlement(connection: Connection, taskId: string, reason: string): Promise<void> {
  return requestJson(connection, `/admin/settlements/${encodeURIComponent(taskId)}/retry`, {
    method: "POST",
    body: { reason },
  });
}
