import type { Address, Hash, NodeFault, NodeId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface NodeRow {
  id: NodeId;
  provider: Address;
  name: string;
  online: boolean;
  suspendedFor: string | null;
  slots: number;
  agents: Hash[];
  stake: bigint;
  bonded: bigint;
  running: number;
  delivered: number;
  failed: number;
  faulted: number;
  refused: number;
  notStarted: number;
  notDelivered: number;
  damages: bigint;
  lastFault: { reason: NodeFault; taskId: Hash; at: number } | null;
  linkedAt: number;
  seenAt: number;
}

export interface NodeFilter {
  provider?: Address | undefined;
  agent?: Hash | undefined;
  online?: boolean | undefined;
  after?: Position | undefined;
  limit: number;
}

/** Nodes, the newest first, with what the ledger and their awards say of them. */
export function listNodes(database: Queryable, filter: NodeFilter): Promise<NodeRow[]> {
  const { provider, agent, online, after, limit } = filter;
  return database.query<NodeRow>(
    `with page as (
       select * from nodes
        where ($1::text is null or provider = $1) and ($2::text is null or agents @> array[$2])
          and ($3::boolean is null or online = $3)
          and ($4::timestamptz is null or (linked_at, id) < ($4, $5::text))
        order by linked_at desc, id desc limit $6
     ) ${SELECT} order by page.linked_at desc, page.id desc`,
    [provider ?? null, agent ?? null, online ?? null, ...positionParams(after), limit],
  );
}

/** One node. */
export async function findNode(database: Queryable, id: NodeId): Promise<NodeRow | undefined> {
  const [row] = await database.query<NodeRow>(`with page as (select * from nodes where id = $1) ${SELECT}`, [id]);
  return row;
}

const SELECT = `select page.id, provider, name, online, suspended_for as "suspendedFor", slots, agents, linked_at as "linkedAt", seen_at as "seenAt",
       coalesce((select amount from balances where account = 'staked:' || page.provider || '/' || page.id), 0) as stake,
       coalesce((select amount from balances where account = 'bonded:' || page.provider || '/' || page.id), 0) as bonded,
       counts.*, counts.last_fault as "lastFault"
  from page
  cross join lateral (
    select count(*) filter (where awards.busy)::integer as running,
           count(*) filter (where awards.state = 'delivered')::integer as delivered,
           count(*) filter (where awards.state = 'failed')::integer as failed,
           count(*) filter (where awards.state = 'faulted')::integer as faulted,
           count(*) filter (where failure ->> 'reason' = 'refused' and awards.state = 'faulted')::integer as refused,
           count(*) filter (where failure ->> 'reason' = 'not_started' and awards.state = 'faulted')::integer as "notStarted",
           count(*) filter (where failure ->> 'reason' = 'not_delivered' and awards.state = 'faulted')::integer as "notDelivered",
           coalesce(sum(case when awards.state = 'faulted' then
             (select to_requester + to_fault_pool from damages where award_hash = hash) end), 0) as damages,
           (array_agg(jsonb_build_object('reason', failure ->> 'reason', 'taskId', task_id,
             'at', floor(extract(epoch from ended_at) * 1000)) order by ended_at desc)
              filter (where awards.state = 'faulted'))[1] as last_fault
      from awards where awards.node = page.id
  ) as counts`;
