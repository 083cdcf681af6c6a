import type { Queryable } from "../database/database.ts";

export interface OversightCounts {
  servers: { id: string; startedAt: number; seenAt: number }[];
  deadLetters: { tasks: number; settlements: number; damages: number };
  suspended: { accounts: number; agents: number; nodes: number };
  openReports: number;
}

/** What those who run a market look at first. */
export async function oversightCounts(database: Queryable): Promise<OversightCounts> {
  const [servers, [counts]] = await Promise.all([
    database.query<OversightCounts["servers"][number]>(
      `select id, started_at as "startedAt", seen_at as "seenAt" from servers
        where seen_at > now() - interval '1 minute' order by started_at`,
    ),
    database.query<Omit<OversightCounts, "servers">>(
      `select json_build_object(
                'tasks', (select count(*) from tasks where unpaid and state = 'dead'),
                'settlements', (select count(*) from settlements where kind in ('settle', 'claim') and state = 'skipped'),
                'damages', (select count(*) from damages where state = 'skipped')) as "deadLetters",
              json_build_object(
                'accounts', (select count(*) from accounts where suspended_for is not null),
                'agents', (select count(*) from agents where state = 'suspended'),
                'nodes', (select count(*) from nodes where suspended_for is not null)) as suspended,
              (select count(*) from reports where resolution is null)::int as "openReports"`,
    ),
  ]);
  return { servers, ...counts! };
}
