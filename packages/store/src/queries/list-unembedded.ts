import type { Queryable } from "../database/database.ts";
import { NEWEST_COLUMNS, type NewestAgentRow } from "./list-newest-agents.ts";

/** Where vectors are: as bytes, or as pgvector keeps them. */
export type VectorTable = "agent_vectors" | "agent_pgvectors";

/** Newest versions of agents that a model has made no vector of. */
export function listUnembedded(
  database: Queryable,
  { model, table, except, limit }: { model: string; table: VectorTable; except: readonly string[]; limit: number },
): Promise<NewestAgentRow[]> {
  return database.query<NewestAgentRow>(
    `select * from (select distinct on (name) ${NEWEST_COLUMNS} from agents
       where state = 'active' order by name, published_at desc, version_id) as newest
      where "versionId" <> all($2::text[])
        and not exists (select 1 from ${table} where version_id = "versionId" and model = $1)
      limit $3`,
    [model, except, limit],
  );
}
