import { isFinal } from "@stoa/core";
import type { Address, TaskState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { TaskRecord } from "../records.ts";
import { type Position, positionParams } from "./position.ts";

export type TaskRow = Pick<
  TaskRecord,
  "id" | "requester" | "capability" | "agentVersion" | "state" | "maxPrice" | "openedAt" | "deliverBy" | "updatedAt"
>;

export interface TaskFilter {
  requester?: Address | undefined;
  capability?: string | undefined;
  state?: TaskState | undefined;
  after?: Position | undefined;
  limit: number;
}

/** Tasks, the newest first. */
export function listTasks(database: Queryable, filter: TaskFilter): Promise<TaskRow[]> {
  const { requester, capability, state, after, limit } = filter;
  const params: unknown[] = [limit];
  const take = (value: unknown) => `$${params.push(value)}`;
  const where: string[] = [];
  if (requester) where.push(`requester = ${take(requester)}`);
  if (capability) where.push(`capability = ${take(capability)}`);
  if (state === "open") where.push("waiting");
  else if (state) where.push(`state = ${take(state)}`);
  if (state && isFinal(state) && state !== "settled") where.push("unpaid");
  if (after) where.push(`(opened_at, id) < (${positionParams(after).map(take).join("::timestamptz, ")})`);
  return database.query<TaskRow>(
    `select id, requester, capability, agent_version as "agentVersion", state, max_price as "maxPrice",
            opened_at as "openedAt", deliver_by as "deliverBy", updated_at as "updatedAt"
       from ${state && state !== "open" && !isFinal(state) ? UNDER_WAY : "tasks"} ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
      order by opened_at desc, id desc limit $1`,
    params,
  );
}

/*
 * One text per set of filters: with one for all, PostgreSQL's generic plan would walk everybody's tasks to find a few.
 *
 * Settled tasks are nearly all there are, and a walk from the newest back meets them at once. Of the rest there are few,
 * so they are found by what only they have, or a walk for them would see every task there ever was.
 */

/**
 * The clock must look at it, or its money is on its way. This reads every alarm there is, whatever the page, those of
 * tasks settled before theirs went off included: an index by state would be touched at every step of every task.
 */
const UNDER_WAY = `(select tasks.* from (select distinct task_id from alarms) as alarms join tasks on id = alarms.task_id
         where wake_at is not null
       union all select tasks.* from settlements join tasks on id = task_id
                  where settlements.state <> 'confirmed' and wake_at is null) as tasks`;
