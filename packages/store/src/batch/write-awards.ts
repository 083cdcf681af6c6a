import type { AwardRecord } from "../records.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** What its execution changes of an award. */
const MUTABLE = {
  state: "word",
  node_signature: "word",
  started_at: "instant",
  ended_at: "instant",
  stats: "jsonb",
  failure: "jsonb",
};

const AWARD = {
  hash: "word",
  task_id: "word",
  round_id: "word",
  node: "word",
  provider: "word",
  agent_version: "word",
  terms: "json",
  price: "bigint",
  royalty: "bigint",
  ask: "bigint",
  bond: "bigint",
  operator_signature: "word",
  made_at: "instant",
  start_by: "instant",
  ...MUTABLE,
};

const CHANGE = { hash: "word", ...MUTABLE };

const INSERT = `insert into awards (${columnsOf(AWARD)}) select ${columnsOf(AWARD)} from ${rowsOf(AWARD)}`;

const UPDATE = `update awards set ${Object.keys(MUTABLE)
  .map((name) => `${name} = row.${name}`)
  .join(", ")} from ${rowsOf(CHANGE)} where awards.hash = row.hash`;

/** Writes awards that were not there before. */
export function insertAwards(awards: readonly AwardRecord[]): Statement[] {
  if (awards.length === 0) return [];
  const rows = awards.map((award) => ({
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
    made_at: award.madeAt,
    start_by: award.startBy,
    ...mutable(award),
  }));
  return [{ text: INSERT, params: toColumns(AWARD, rows) }];
}

/** Writes what changed of awards. */
export function updateAwards(awards: readonly AwardRecord[]): Statement[] {
  if (awards.length === 0) return [];
  const rows = awards.map((award) => ({ hash: award.hash, ...mutable(award) }));
  return [{ text: UPDATE, params: toColumns(CHANGE, rows) }];
}

function mutable(award: AwardRecord) {
  return {
    state: award.state,
    node_signature: award.nodeSignature,
    started_at: award.startedAt,
    ended_at: award.endedAt,
    stats: award.stats,
    failure: award.failure,
  };
}
