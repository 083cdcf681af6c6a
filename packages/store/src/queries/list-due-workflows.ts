import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** The workflows the runner must look at: those that say so, and those whose tasks have moved on. The oldest first. */
export async function listDueWorkflows(database: Queryable, limit: number): Promise<Hash[]> {
  const rows = await database.query<{ id: Hash }>(
    `select id from workflows
      where due or id in (
        select workflow_id from workflow_steps join tasks on tasks.id = task_id
         where (workflow_steps.state = 'running' and tasks.state in ('delivered', 'settled', 'cancelled', 'expired', 'failed'))
            or (workflow_steps.state = 'delivered' and tasks.state in ('settled', 'failed')))
      order by opened_at, id limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}
