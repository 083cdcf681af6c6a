import type { LogKey } from "./load-log-keys.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** A piece of an execution's log. */
export interface LogRecord extends LogKey {
  lines: readonly { atMs: number; text: string }[];
  /** What it counts for in the log's bound. */
  bytes: number;
}

const LOG = { task_id: "word", execution_id: "text", first_seq: "integer", lines: "jsonb", bytes: "integer" };

const INSERT = `insert into execution_logs (${columnsOf(LOG)}) select ${columnsOf(LOG)} from ${rowsOf(LOG)}`;

/** Keeps pieces of logs. */
export function insertLogs(logs: readonly LogRecord[]): Statement[] {
  if (logs.length === 0) return [];
  const rows = logs.map(({ taskId, executionId, firstSeq, lines, bytes }) => ({
    task_id: taskId,
    execution_id: executionId,
    first_seq: firstSeq,
    lines,
    bytes,
  }));
  return [{ text: INSERT, params: toColumns(LOG, rows) }];
}
