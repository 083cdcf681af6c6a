import type { AgentVersionId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** The version that stands for an agent's name: the newest that takes tasks. */
export interface NewestAgentRow {
  name: string;
  versionId: AgentVersionId;
  description: string;
  capabilities: string[];
  kind: string;
  royalty: bigint;
}

export const NEWEST_COLUMNS = `name, version_id as "versionId", manifest ->> 'description' as description, capabilities,
       manifest -> 'artifact' ->> 'kind' as kind, royalty`;

/** The newest versions of the names after one, in the names' order. */
export function listNewestAgents(
  database: Queryable,
  { after, limit }: { after: string | null; limit: number },
): Promise<NewestAgentRow[]> {
  return database.query<NewestAgentRow>(
    `select distinct on (name) ${NEWEST_COLUMNS} from agents
      where state = 'active' and ($1::text is null or name > $1)
      order by name, published_at desc, version_id limit $2`,
    [after, limit],
  );
}

/** The newest versions of some names; of a name without one that takes tasks, none. */
export function findNewestAgents(database: Queryable, names: readonly string[]): Promise<NewestAgentRow[]> {
  return database.query<NewestAgentRow>(
    `select distinct on (name) ${NEWEST_COLUMNS} from agents
      where state = 'active' and name = any($1::text[]) order by name, published_at desc, version_id`,
    [names],
  );
}
