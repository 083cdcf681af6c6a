import type { Address, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toColumn } from "./rows.ts";

/** An order's number, unique for its requester. */
export interface OrderNonce {
  requester: Address;
  nonce: string;
}

/** Which of these order numbers opened a task already, and which task. */
export async function loadNonces(
  tx: Queryable,
  nonces: readonly OrderNonce[],
): Promise<(OrderNonce & { taskId: TaskId })[]> {
  if (nonces.length === 0) return [];
  return tx.query<OrderNonce & { taskId: TaskId }>(
    `select tasks.requester, tasks.nonce, tasks.id as "taskId"
       from unnest($1::text[], $2::text[]) as row (requester, nonce)
       join tasks on tasks.requester = row.requester and tasks.nonce = row.nonce`,
    [toColumn(nonces.map(({ requester }) => requester)), toColumn(nonces.map(({ nonce }) => nonce))],
  );
}
