import type { TaskId } from "@stoa/protocol";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** When the clock must look at a task. */
export interface Alarm {
  taskId: TaskId;
  /** When the task was opened, epoch milliseconds. */
  openedAt: number;
  /** Epoch milliseconds. */
  at: number;
}

const ALARM = { at: "instant", task_id: "word", opened_at: "instant" };

const INSERT = `insert into alarms (${columnsOf(ALARM)}) select ${columnsOf(ALARM)} from ${rowsOf(ALARM)}`;

/** Sets alarms; those that went off are taken away by who looks at them. */
export function insertAlarms(alarms: readonly Alarm[]): Statement[] {
  if (alarms.length === 0) return [];
  const rows = alarms.map(({ at, taskId, openedAt }) => ({ at, task_id: taskId, opened_at: openedAt }));
  return [{ text: INSERT, params: toColumns(ALARM, rows) }];
}
