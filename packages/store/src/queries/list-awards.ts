import type { RoundId, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { AwardRecord } from "../records.ts";

const COLUMNS = `hash, task_id as "taskId", round_id as "roundId", node, provider, agent_version as "agentVersion", terms,
       price, royalty, ask, bond, operator_signature as "operatorSignature", made_at as "madeAt",
       start_by as "startBy", state, node_signature as "nodeSignature", started_at as "startedAt",
       ended_at as "endedAt", stats, failure`;

/** Every award a task had, the first one first. */
export function listAwardsOfTask(database: Queryable, taskId: TaskId): Promise<AwardRecord[]> {
  return database.query<AwardRecord>(`select ${COLUMNS} from awards where task_id = $1 order by made_at, hash`, [
    taskId,
  ]);
}

/** Every award a round led to, re-awards included, the first one first. */
export function listAwardsOfRound(database: Queryable, roundId: RoundId): Promise<AwardRecord[]> {
  return database.query<AwardRecord>(`select ${COLUMNS} from awards where round_id = $1 order by made_at, hash`, [
    roundId,
  ]);
}
