import { type AgentVersionId, hashJson, type Manifest } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/** What an agent is published with; anything else of its manifest is the same for all. */
export interface PlannedAgent {
  name: string;
  description: string;
  capabilities: string[];
  kind?: "js" | "wasm" | "container";
  royalty?: bigint;
}

const AT_ONCE = 1_000;

/** Writes agents as if each had been published, many at once, and gives their ids in the same order. */
export async function insertAgents(database: Queryable, agents: readonly PlannedAgent[]): Promise<AgentVersionId[]> {
  const rows = agents.map((agent) => {
    const manifest = manifestOf(agent);
    return { versionId: hashJson(manifest) as AgentVersionId, manifest };
  });
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await database.query(
      `insert into agents (version_id, name, version, creator, capabilities, manifest, artifact_hash, royalty, signature,
                           state, published_at)
       select id, manifest ->> 'name', manifest ->> 'version', '0x00000000000000000000000000000000000000aa',
              array(select jsonb_array_elements_text(manifest -> 'capabilities')), manifest,
              manifest -> 'artifact' ->> 'hash', (manifest ->> 'royalty')::bigint, '0x', 'active', now()
         from jsonb_to_recordset($1::jsonb) as rows (id text, manifest jsonb)`,
      [
        JSON.stringify(
          rows.slice(from, from + AT_ONCE).map(({ versionId, manifest }) => ({ id: versionId, manifest })),
        ),
      ],
    );
  return rows.map(({ versionId }) => versionId);
}

function manifestOf({ name, description, capabilities, kind = "js", royalty = 0n }: PlannedAgent): Manifest {
  return {
    stoa: 1,
    name,
    version: "1.0.0",
    description: description.slice(0, 2_000),
    capabilities,
    input: true,
    output: true,
    artifact: { kind, hash: `0x${"5a".repeat(32)}`, bytes: 1 },
    limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000 },
    grants: {},
    royalty: royalty.toString(),
    licence: "MIT",
  };
}
