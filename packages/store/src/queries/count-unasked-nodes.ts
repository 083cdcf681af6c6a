import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

export interface UnaskedFilter {
  capability: string;
  /** The only version that will do, or null when any of the capability does. */
  agentVersion: string | null;
  /** Nodes that were asked. */
  asked: readonly Address[];
  /** Least stake a node is admitted with. */
  minBond: bigint;
  /** Epoch milliseconds. */
  now: number;
}

/** A node that is offline for longer is not expected back. */
const EXPECTED_MS = 86_400_000;

/** Why nodes that a requester may know of were not asked about a task of a capability, counted. */
export function countUnaskedNodes(
  database: Queryable,
  { capability, agentVersion, asked, minBond, now }: UnaskedFilter,
): Promise<{ reason: string; nodes: number }[]> {
  return database.query(
    `with known as (
       select online, (link ->> 'expiresAt')::numeric as expires_at,
              agents && array(select version_id from agents where state = 'active' and capabilities @> array[$1::text]
                                and ($2::text is null or version_id = $2)) as hosts,
              coalesce((select amount from balances where account = 'staked:' || provider || '/' || id), 0) as free,
              coalesce((select amount from balances where account = 'bonded:' || provider || '/' || id), 0) as bonded
         from nodes where suspended_for is null and id <> all($3::text[]) and (online or seen_at > $4::timestamptz)
     ), judged as (
       select case when not hosts then 'no_agent'
                   when greatest(free, bonded) < greatest($6::numeric, 1) then 'stake_too_small'
                   when not online then 'offline'
                   when expires_at <= $5::numeric then 'link_expired'
                   when free < greatest($6::numeric, 1) then 'stake_bound'
                   else 'offline' end as reason
         from known where online or hosts
     )
     select reason, count(*)::integer as nodes from judged group by reason order by nodes desc, reason`,
    [capability, agentVersion, asked, new Date(now - EXPECTED_MS).toISOString(), Math.ceil(now / 1_000), minBond],
  );
}
