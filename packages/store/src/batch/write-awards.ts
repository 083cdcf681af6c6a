import type { Queryable } from "../database/database.ts";
import type { AwardRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";

/** Writes awards, new ones and changed ones alike. */
export async function writeAwards(tx: Queryable, awards: readonly AwardRecord[]): Promise<void> {
  if (awards.length === 0) return;
  await tx.query(
    `insert into awards (hash, task_id, round_id, node, provider, agent_version, terms, price, royalty, ask, bond,
                         operator_signature, made_at, start_by, state, node_signature, started_at, ended_at, stats, failure)
     select hash, task_id, round_id, node, provider, agent_version, terms, price, royalty, ask, bond,
            operator_signature, made_at, start_by, state, node_signature, started_at, ended_at, stats, failure
       from json_to_recordset($1::json) as row (hash text, task_id text, round_id text, node text, provider text,
            agent_version text, terms jsonb, price bigint, royalty bigint, ask bigint, bond bigint,
            operator_signature text, made_at timestamptz, start_by timestamptz, state text, node_signature text,
            started_at timestamptz, ended_at timestamptz, stats jsonb, failure jsonb)
     on conflict (hash) do update set state = excluded.state, node_signature = excluded.node_signature,
            started_at = excluded.started_at, ended_at = excluded.ended_at, stats = excluded.stats,
            failure = excluded.failure`,
    [
      toRows(
        awards.map((award) => ({
          hash: award.hash,
          task_id: award.taskId,
          round_id: award.roundId,
          node: award.node,
          provider: award.provider,
          agent_version: award.agentVersion,
          terms: award.terms,
          price: award.price,
          royalty: award.royalty,
          ask: award.ask,
          bond: award.bond,
          operator_signature: award.operatorSignature,
          made_at: toInstant(award.madeAt),
          start_by: toInstant(award.startBy),
          state: award.state,
          node_signature: award.nodeSignature,
          started_at: toInstant(award.startedAt),
          ended_at: toInstant(award.endedAt),
          stats: award.stats,
          failure: award.failure,
        })),
      ),
    ],
  );
}
