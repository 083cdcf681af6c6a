import type { Queryable } from "../database/database.ts";
import { NEWEST_COLUMNS, type NewestAgentRow } from "./list-newest-agents.ts";

/** Newest versions of agents that a model has made no vector of. */
export function listUnembedded(
  database: Queryable,
  { model, except, limit }: { model: string; except: readonly string[]; limit: number },
): Promise<NewestAgentRow[]> {
  return database.query<NewestAgentRow>(
    `select * from (select distinct on (name) ${NEWEST_COLUMNS} from agents
       where state = 'active' order by name, published_at desc, version_id) as newest
      where "versionId" <> all($2::text[])
        and not exists (select 1 from agent_vectors where version_id = "versionId" and model = $1)
      limit $3`,
    [model, except, limit],
  );
}
