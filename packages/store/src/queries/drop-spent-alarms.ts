import type { TaskState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Takes away the alarms that went off for tasks in these states, which must be states that no alarm of before is needed after. */
export async function dropSpentAlarms(
  database: Queryable,
  { upTo, states }: { upTo: number; states: readonly TaskState[] },
): Promise<void> {
  await database.query(
    `delete from alarms where ctid = any(array(
       select alarms.ctid from alarms join tasks on tasks.id = alarms.task_id
        where alarms.at <= $1::timestamptz and tasks.state = any($2::text[])
          for update of alarms skip locked))`,
    [new Date(upTo).toISOString(), states],
  );
}
