import type { Queryable } from "../database/database.ts";
import { NEWEST_COLUMNS, type NewestAgentRow } from "./list-newest-agents.ts";

/** Where vectors are: as bytes, or as pgvector keeps them. */
export type VectorTable = "agent_vectors" | "agent_pgvectors";

export interface UnembeddedFilter {
  model: string;
  table: VectorTable;
  /** Of these names; null for all. */
  names: readonly string[] | null;
  /** The name the last ones ended at. */
  after: string | null;
  limit: number;
}

/** Newest versions of agents that a model has made no vector of, in the order of their names. */
export function listUnembedded(
  database: Queryable,
  { model, table, names, after, limit }: UnembeddedFilter,
): Promise<NewestAgentRow[]> {
  return database.query<NewestAgentRow>(
    `select * from (
       select distinct on (name) ${NEWEST_COLUMNS} from agents
        where state = 'active' and ($2::text[] is null or name = any($2)) and ($3::text is null or name > $3)
        order by name, published_at desc, version_id
     ) as newest
      where not exists (select 1 from ${table} as kept where kept.version_id = "versionId" and kept.model = $1)
      order by name limit $4`,
    [model, names, after, limit],
  );
}
