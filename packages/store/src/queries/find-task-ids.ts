import type { TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** The ids of at most two tasks that start with these lower-case hex digits: two mean that the prefix is not unique. */
export async function findTaskIds(database: Queryable, prefix: string): Promise<TaskId[]> {
  // "g" follows every hex digit, so the range is the prefix's whole.
  const rows = await database.query<{ id: TaskId }>(
    "select id from tasks where id >= $1 and id < $1 || 'g' order by id limit 2",
    [prefix],
  );
  return rows.map(({ id }) => id);
}
