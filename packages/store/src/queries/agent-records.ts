import type { AgentVersionId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Awards of a capability that count as its latest. */
const LATEST = 1_000;
/** Longer than an award takes from its round to its end, the longest execution included. */
const OPEN_MINUTES = 20;

export interface AgentRecordRow {
  versionId: AgentVersionId;
  delivered: number;
  /** By the agent's own error. */
  failed: number;
  /** Medians of the capability it delivered most of; the duration is null when nothing was delivered. */
  price: bigint;
  durationMs: bigint | null;
  /** Epoch milliseconds, by the database's clock. */
  updatedAt: number;
}

/**
 * Brings up to date what the latest executions say of agents, for the capabilities whose rounds and open auctions were
 * closed lately, or at all.
 */
export async function updateAgentRecords(database: Queryable, which: { all: boolean }): Promise<void> {
  await database.query(
    `with clearings as not materialized (
       select id, capability, position, opened_at from rounds where state = 'closed'
       union all
       select id, capability, position, opened_at from open_auctions where state = 'closed' and position is not null
     ), moved as (
       select distinct capability from clearings
        where $1::boolean or opened_at > now() - interval '${OPEN_MINUTES} minutes'
     ), latest as (
       select moved.capability, awarded.* from moved cross join lateral (
         select agent_version, awards.state, price, started_at, ended_at from clearings join awards on round_id = clearings.id
          where clearings.capability = moved.capability order by clearings.opened_at desc limit ${LATEST}
       ) as awarded
     )
     insert into agent_records (version_id, capability, delivered, failed, price, duration_ms, updated_at)
     select agent_version, capability, count(*) filter (where state = 'delivered'), count(*) filter (where state = 'failed'),
            percentile_disc(0.5) within group (order by price),
            percentile_disc(0.5) within group (order by floor(extract(epoch from ended_at - started_at) * 1000)::bigint)
              filter (where state = 'delivered'),
            clock_timestamp()
       from latest group by agent_version, capability
     on conflict (version_id, capability) do update
        set delivered = excluded.delivered, failed = excluded.failed, price = excluded.price,
            duration_ms = excluded.duration_ms, updated_at = excluded.updated_at
      where (agent_records.delivered, agent_records.failed, agent_records.price, agent_records.duration_ms)
            is distinct from (excluded.delivered, excluded.failed, excluded.price, excluded.duration_ms)`,
    [which.all],
  );
}

/** What executions say of the agents of which they say something new since an instant, epoch milliseconds. */
export function listAgentRecords(database: Queryable, since: number): Promise<AgentRecordRow[]> {
  return database.query<AgentRecordRow>(
    `select version_id as "versionId", sum(delivered)::integer as delivered, sum(failed)::integer as failed,
            (array_agg(price order by delivered desc, capability))[1] as price,
            (array_agg(duration_ms order by delivered desc, capability))[1] as "durationMs",
            max(updated_at) as "updatedAt"
       from agent_records
      where version_id in (select version_id from agent_records where updated_at >= $1::timestamptz)
      group by version_id`,
    [new Date(since).toISOString()],
  );
}
