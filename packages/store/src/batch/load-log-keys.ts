import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toRows } from "./rows.ts";

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
    `select task_id as "taskId", execution_id as "executionId", first_seq as "firstSeq"
       from json_to_recordset($1::json) as key ("taskId" text, "executionId" text, "firstSeq" integer)
       join execution_logs as log
         on log.task_id = key."taskId" and log.execution_id = key."executionId" and log.first_seq = key."firstSeq"`,
    [toRows(keys)],
  );
}
