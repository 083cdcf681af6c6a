import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** How much is kept of these tasks' logs; a task without any is missing. */
export async function loadLogBytes(tx: Queryable, tasks: readonly TaskId[]): Promise<[TaskId, number][]> {
  if (tasks.length === 0) return [];
  const rows = await tx.query<{ taskId: TaskId; bytes: bigint }>(
    'select task_id as "taskId", sum(bytes) as bytes from execution_logs where task_id = any($1::text[]) group by task_id',
    [tasks],
  );
  return rows.map(({ taskId, bytes }) => [taskId, Number(bytes)]);
}
