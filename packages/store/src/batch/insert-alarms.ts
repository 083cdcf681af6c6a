import type { TaskId } from "@stoa/protocol";
import { toColumn, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** When the clock must look at a task. */
export interface Alarm {
  taskId: TaskId;
  /** Epoch milliseconds. */
  at: number;
}

/** Sets alarms; those that went off are taken away by who looks at them. */
export function insertAlarms(alarms: readonly Alarm[]): Statement[] {
  if (alarms.length === 0) return [];
  return [
    {
      text: "insert into alarms (at, task_id) select at, task_id from unnest($1::timestamptz[], $2::text[]) as row (at, task_id)",
      params: [toColumn(alarms.map(({ at }) => toInstant(at))), toColumn(alarms.map(({ taskId }) => taskId))],
    },
  ];
}
