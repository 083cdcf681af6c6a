import type { Address, Hash, WorkflowState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface WorkflowRow {
  id: Hash;
  requester: Address;
  name: string;
  state: WorkflowState;
  budget: bigint;
  steps: bigint;
  done: bigint;
  openedAt: number;
  updatedAt: number;
}

export interface WorkflowFilter {
  requester: Address;
  state?: WorkflowState | undefined;
  after?: Position | undefined;
  limit: number;
}

/** A requester's workflows, the newest first. */
export function listWorkflows(database: Queryable, filter: WorkflowFilter): Promise<WorkflowRow[]> {
  return database.query<WorkflowRow>(
    `select id, requester, spec ->> 'name' as name, state, budget, opened_at as "openedAt", updated_at as "updatedAt",
            (select count(*) from workflow_steps where workflow_id = id) as steps,
            (select count(*) from workflow_steps where workflow_id = id and workflow_steps.state = 'done') as done
       from workflows
      where requester = $1 and ($2::text is null or state = $2)
        and ($3::timestamptz is null or (opened_at, id) < ($3, $4::text))
      order by opened_at desc, id desc limit $5`,
    [filter.requester, filter.state ?? null, ...positionParams(filter.after), filter.limit],
  );
}
