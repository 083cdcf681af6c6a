import type { Address, AgentState, AgentVersionId, Manifest, Signature } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { type Position, positionParams } from "./position.ts";

export interface AgentRow {
  versionId: AgentVersionId;
  creator: Address;
  manifest: Manifest;
  signature: Signature;
  state: AgentState;
  suspendedFor: string | null;
  publishedAt: number;
  /** Nodes online that host it. */
  nodes: number;
}

export interface AgentFilter {
  capability?: string | undefined;
  name?: string | undefined;
  creator?: Address | undefined;
  state?: AgentState | undefined;
  after?: Position | undefined;
  limit: number;
}

/** Agent versions, the newest first. */
export function listAgents(database: Queryable, filter: AgentFilter): Promise<AgentRow[]> {
  const { capability, name, creator, state, after, limit } = filter;
  return database.query<AgentRow>(
    `select ${COLUMNS} from agents
      where ($1::text is null or capabilities @> array[$1]) and ($2::text is null or name = $2)
        and ($3::text is null or creator = $3) and ($4::text is null or state = $4)
        and ($5::timestamptz is null or (published_at, version_id) < ($5, $6::text))
      order by published_at desc, version_id desc limit $7`,
    [capability ?? null, name ?? null, creator ?? null, state ?? null, ...positionParams(after), limit],
  );
}

/** One agent version. */
export async function findAgent(database: Queryable, versionId: AgentVersionId): Promise<AgentRow | undefined> {
  const [row] = await database.query<AgentRow>(`select ${COLUMNS} from agents where version_id = $1`, [versionId]);
  return row;
}

/** Some agent versions, in no order; of those that are not there, none. */
export function findAgents(database: Queryable, versionIds: readonly string[]): Promise<AgentRow[]> {
  return database.query<AgentRow>(`select ${COLUMNS} from agents where version_id = any($1::text[])`, [versionIds]);
}

const COLUMNS = `version_id as "versionId", creator, manifest, signature, state, suspended_for as "suspendedFor", published_at as "publishedAt",
       (select count(*) from nodes where online and nodes.agents @> array[agents.version_id])::integer as nodes`;
