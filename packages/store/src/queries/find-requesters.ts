import type { Address, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Whose these tasks are; a task that is not there is missing. */
export async function findRequesters(database: Queryable, ids: readonly TaskId[]): Promise<Map<TaskId, Address>> {
  const rows = await database.query<{ id: TaskId; requester: Address }>(
    "select id, requester from tasks where id = any($1::text[])",
    [ids],
  );
  return new Map(rows.map(({ id, requester }) => [id, requester]));
}
