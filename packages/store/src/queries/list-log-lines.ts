import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

export interface LogRow {
  executionId: string;
  firstSeq: number;
  lines: { atMs: number; text: string }[];
}

/** What a task's executions wrote, in order. */
export function listLogLines(database: Queryable, taskId: TaskId): Promise<LogRow[]> {
  return database.query<LogRow>(
    `select execution_id as "executionId", first_seq as "firstSeq", lines
       from execution_logs where task_id = $1 order by execution_id, first_seq`,
    [taskId],
  );
}
