import { attemptsLeft } from "@stoa/core";
import type { OpeningTask, TaskSpec } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/**
 * Whether a task whose award is lost may go to another node: one could still start before its deadline, and its order
 * allows another attempt. Attempts are counted with the award's end, so the count holds while the award does.
 */
export async function mayBeReawarded(database: Queryable, task: OpeningTask, now: number): Promise<boolean> {
  const { order, orderHash, spec } = task;
  if (!hasTimeToStart({ deliverBy: Number(order.deliverBy) * 1_000, spec }, now)) return false;
  const [row] = await database.query<{ attempts: number }>("select attempts from tasks where id = $1", [orderHash]);
  return attemptsLeft({ spec, attempts: (row?.attempts ?? 0) + 1 });
}

/** Whether a node could still start before the deadline: nobody is awarded what cannot be delivered. */
export function hasTimeToStart(
  { deliverBy, spec }: { deliverBy: number; spec: Pick<TaskSpec, "startBySeconds"> },
  now: number,
): boolean {
  return deliverBy - now > spec.startBySeconds * 1_000;
}
