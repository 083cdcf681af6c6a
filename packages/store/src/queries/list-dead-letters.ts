import type { DeadLetterKind, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface DeadLetterRow {
  taskId: TaskId;
  at: number;
  reason: string;
}

/** What is looked at of each kind: by an index where there may be many. */
const SOURCES: Readonly<Record<DeadLetterKind, string>> = {
  task: `select id as task_id, opened_at as at, coalesce(outcome ->> 'reason', '') as reason
           from tasks where unpaid and state = 'dead'`,
  settlement: `select task_id, updated_at as at, coalesce(reason, '') as reason
                 from settlements where kind in ('settle', 'claim') and state = 'skipped'`,
  damages: `select task_id, updated_at as at, coalesce(reason, '') as reason from damages where state = 'skipped'`,
};

/** What gave up: tasks without an attempt left, settlements and damages that the vault refused; the newest first. */
export function listDeadLetters(
  database: Queryable,
  { kind, after, limit }: { kind: DeadLetterKind; after?: Position | undefined; limit: number },
): Promise<DeadLetterRow[]> {
  return database.query<DeadLetterRow>(
    `select task_id as "taskId", at, reason from (${SOURCES[kind]}) as dead
      where ($1::timestamptz is null or (at, task_id) < ($1, $2::text))
      order by at desc, task_id desc limit $3`,
    [...positionParams(after), limit],
  );
}
