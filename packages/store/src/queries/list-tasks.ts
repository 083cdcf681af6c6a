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
  const params = [capability ?? null, state ?? null, ...positionParams(after), limit];
  return requester ? database.query<TaskRow>(OF_ONE, [...params, requester]) : database.query<TaskRow>(OF_ALL, params);
}

const COLUMNS = `id, requester, capability, agent_version as "agentVersion", state, max_price as "maxPrice",
       opened_at as "openedAt", deliver_by as "deliverBy", updated_at as "updatedAt"`;

const WHERE = `($1::text is null or capability = $1) and ($2::text is null or state = $2)
   and ($3::timestamptz is null or (opened_at, id) < ($3, $4::text))`;

// Two texts: with one, PostgreSQL's generic plan would walk everybody's tasks to find one requester's.
const OF_ALL = `select ${COLUMNS} from tasks where ${WHERE} order by opened_at desc, id desc limit $5`;
const OF_ONE = `select ${COLUMNS} from tasks where requester = $6 and ${WHERE} order by opened_at desc, id desc limit $5`;
