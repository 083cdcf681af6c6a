import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { AwardRecord } from "../records.ts";

/** The awards of these hashes. */
export async function loadAwards(tx: Queryable, hashes: readonly Hash[]): Promise<AwardRecord[]> {
  if (hashes.length === 0) return [];
  return tx.query<AwardRecord>(
    `select hash, task_id as "taskId", round_id as "roundId", node, provider, agent_version as "agentVersion", terms,
            price, royalty, ask, bond, operator_signature as "operatorSignature", made_at as "madeAt",
            start_by as "startBy", state, node_signature as "nodeSignature", started_at as "startedAt",
            ended_at as "endedAt", stats, failure
       from awards where hash = any($1::text[])`,
    [hashes],
  );
}
