import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toColumn } from "./rows.ts";

/** Where a piece of an execution's log begins. */
export interface LogKey {
  taskId: TaskId;
  executionId: string;
  firstSeq: number;
}

/** Which of these pieces are kept already. */
export async function loadLogKeys(tx: Queryable, keys: readonly LogKey[]): Promise<LogKey[]> {
  if (keys.length === 0) return [];
  return tx.query<LogKey>(
    `select log.task_id as "taskId", log.execution_id as "executionId", log.first_seq as "firstSeq"
       from unnest($1::text[], $2::text[], $3::integer[]) as key (task_id, execution_id, first_seq)
       join execution_logs as log
         on log.task_id = key.task_id and log.execution_id = key.execution_id and log.first_seq = key.first_seq`,
    [
      toColumn(keys.map(({ taskId }) => taskId)),
      toColumn(keys.map(({ executionId }) => executionId)),
      toColumn(keys.map(({ firstSeq }) => firstSeq)),
    ],
  );
}
