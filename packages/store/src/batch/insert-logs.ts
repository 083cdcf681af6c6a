import type { LogKey } from "./load-log-keys.ts";
import { toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** A piece of an execution's log. */
export interface LogRecord extends LogKey {
  lines: readonly { atMs: number; text: string }[];
  /** What it counts for in the log's bound. */
  bytes: number;
}

/** Keeps pieces of logs. */
export function insertLogs(logs: readonly LogRecord[]): Statement[] {
  if (logs.length === 0) return [];
  return [
    {
      text: `insert into execution_logs (task_id, execution_id, first_seq, lines, bytes)
     select "taskId", "executionId", "firstSeq", lines, bytes
       from json_to_recordset($1::json) as row ("taskId" text, "executionId" text, "firstSeq" integer, lines jsonb, bytes integer)`,
      params: [toRows(logs)],
    },
  ];
}
