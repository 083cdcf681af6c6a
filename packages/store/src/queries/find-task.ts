import type { TaskId } from "@stoa/protocol";
import { loadTasks } from "../batch/load-tasks.ts";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";

/** A task whole. */
export async function findTask(database: Queryable, id: TaskId): Promise<TaskRecord | undefined> {
  const [task] = await loadTasks(database, [id]);
  return task;
}
