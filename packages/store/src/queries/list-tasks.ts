import { isAtRest } from "@stoa/core";
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
  const isUnderWay = state !== undefined && state !== "open" && !isAtRest(state);
  const [from, place] = isUnderWay ? [UNDER_WAY, "since, task"] : ["tasks", "opened_at, id"];
  if (requester) where.push(`requester = ${take(requester)}`);
  if (capability) where.push(`capability = ${take(capability)}`);
  if (state === "open") where.push("waiting");
  else if (state) where.push(`state = ${take(state)}`);
  if (state && isAtRest(state) && state !== "settled") where.push("unpaid");
  if (after) where.push(`(${place}) < (${positionParams(after).map(take).join("::timestamptz, ")})`);
  return database.query<TaskRow>(
    `select id, requester, capability, agent_version as "agentVersion", state, max_price as "maxPrice",
            opened_at as "openedAt", deliver_by as "deliverBy", updated_at as "updatedAt"
       from ${from} ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
      order by ${place.replace(",", " desc,")} desc limit $1`,
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
 * The clock must look at it, or its claim is on its way. This reads every alarm there is, whatever the page, those of
 * tasks settled before theirs went off included, and then, from the newest back, only the tasks it meets until the page
 * is full: an index by state would be touched at every step of every task.
 */
const UNDER_WAY = `(select opened_at as since, task_id as task from alarms
         union select opened_at, task_id from settlements join tasks on id = task_id
                where (kind = 'claim' or payable_at is not null) and settlements.state <> 'confirmed'
         order by since desc, task desc) as under_way
       join tasks on id = task`;
