import type { AwardRecord } from "../records.ts";
import { toInstant, toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Writes awards that were not there before. */
export function insertAwards(awards: readonly AwardRecord[]): Statement[] {
  if (awards.length === 0) return [];
  return [
    {
      text: `insert into awards (hash, task_id, round_id, node, provider, agent_version, terms, price, royalty, ask, bond,
                         operator_signature, made_at, start_by, state, node_signature, started_at, ended_at, stats, failure)
     select hash, task_id, round_id, node, provider, agent_version, terms, price, royalty, ask, bond,
            operator_signature, made_at, start_by, state, node_signature, started_at, ended_at, stats, failure
       from json_to_recordset($1::json) as row (hash text, task_id text, round_id text, node text, provider text,
            agent_version text, terms jsonb, price bigint, royalty bigint, ask bigint, bond bigint,
            operator_signature text, made_at timestamptz, start_by timestamptz, state text, node_signature text,
            started_at timestamptz, ended_at timestamptz, stats jsonb, failure jsonb)`,
      params: [
        toRows(
          awards.map((award) => ({
            hash: award.hash,
            task_id: award.taskId,
            round_id: award.roundId,
            node: award.node,
            provider: award.provider,
            agent_version: award.agentVersion,
            terms: award.terms,
            price: award.price.toString(),
            royalty: award.royalty.toString(),
            ask: award.ask.toString(),
            bond: award.bond.toString(),
            operator_signature: award.operatorSignature,
            made_at: toInstant(award.madeAt),
            start_by: toInstant(award.startBy),
            ...mutable(award),
          })),
        ),
      ],
    },
  ];
}

/** Writes what changed of awards. */
export function updateAwards(awards: readonly AwardRecord[]): Statement[] {
  if (awards.length === 0) return [];
  return [
    {
      text: `update awards set state = row.state, node_signature = row.node_signature, started_at = row.started_at,
            ended_at = row.ended_at, stats = row.stats, failure = row.failure
       from json_to_recordset($1::json) as row (hash text, state text, node_signature text, started_at timestamptz,
            ended_at timestamptz, stats jsonb, failure jsonb)
      where awards.hash = row.hash`,
      params: [toRows(awards.map((award) => ({ hash: award.hash, ...mutable(award) })))],
    },
  ];
}

function mutable(award: AwardRecord) {
  return {
    state: award.state,
    node_signature: award.nodeSignature,
    started_at: toInstant(award.startedAt),
    ended_at: toInstant(award.endedAt),
    stats: award.stats,
    failure: award.failure,
  };
}
