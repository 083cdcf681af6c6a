import { createHash } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import type { Database } from "../database/database.ts";
import type { AgentVector } from "./agent-vectors.ts";

/** Any constant: servers that start together make the table one after another. */
const LOCK = 7_305;
/** How many candidates the index keeps on its way: the found and some more. Its own bound is 1,000. */
const CANDIDATES = 400;
/** Longest vector its index takes, in halves of a number's bits. */
const MOST_DIMENSIONS = 4_000;

/** An agent version near to a vector, with the cosine of the angle between them. */
export interface NearestRow {
  versionId: string;
  similarity: number;
}

/**
 * Makes the table of agents' vectors in a database that has pgvector, 0.7 or newer: such a table is no migration's, which
 * run on databases without it as well.
 * @returns why vectors cannot be kept there, or undefined
 */
export async function preparePgvector(database: Database): Promise<string | undefined> {
  if (database.kind !== "postgresql") return "the embedded database keeps none";
  try {
    return await database.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
      await tx.script("create extension if not exists vector");
      const [type] = await tx.query<{ name: string | null }>("select to_regtype('halfvec')::text as name");
      if (!type?.name) return "its pgvector is older than 0.7";
      await tx.script(
        "create table if not exists agent_pgvectors (version_id text, model text, vector vector not null, primary key (version_id, model))",
      );
      return undefined;
    });
  } catch (error) {
    if (error instanceof StoaError) throw error;
    return (error as Error).message;
  }
}

/** Keeps a model's vectors, and their index; one that is there already stays. */
export async function insertPgvectors(
  database: Database,
  model: string,
  vectors: readonly AgentVector[],
): Promise<void> {
  const dimensions = vectors[0]?.vector.length ?? 0;
  await database.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
    if (dimensions <= MOST_DIMENSIONS)
      await tx.script(
        `create index if not exists ${indexName(model, dimensions)} on agent_pgvectors
          using hnsw ((vector::halfvec(${dimensions})) halfvec_cosine_ops) where ${isOfModel(model, dimensions)}`,
      );
    await tx.query(
      `insert into agent_pgvectors (version_id, model, vector)
       select version_id, $1, vector::vector from unnest($2::text[], $3::text[]) as given (version_id, vector)
       on conflict do nothing`,
      [model, vectors.map(({ versionId }) => versionId), vectors.map(({ vector }) => toText(vector))],
    );
  });
}

/** The agents nearest to a vector, by the index: some of the nearest may be missing. */
export async function findNearest(
  database: Database,
  { model, vector, limit }: { model: string; vector: Float32Array; limit: number },
): Promise<NearestRow[]> {
  const { length } = vector;
  return database.transaction(async (tx) => {
    // Sent with what it is for, not before: the way there and back would take longer than it does.
    const set = tx.query("select set_config('hnsw.ef_search', $1, true)", [String(CANDIDATES)]);
    set.catch(() => {});
    const near = await tx.query<NearestRow>(
      `select version_id as "versionId", 1 - (vector <=> $1::vector) as similarity from (
         select version_id, vector from agent_pgvectors where ${isOfModel(model, length)}
          order by vector::halfvec(${length}) <=> $1::halfvec(${length}) limit $2
       ) as near order by similarity desc, version_id`,
      [toText(vector), limit],
    );
    await set;
    return near;
  });
}

/** Of some agents, those nearest to a vector, every one compared. */
export function findNearestOf(
  database: Database,
  { model, vector, of, limit }: { model: string; vector: Float32Array; of: readonly string[]; limit: number },
): Promise<NearestRow[]> {
  return database.query<NearestRow>(
    `select version_id as "versionId", 1 - (vector <=> $1::vector) as similarity from agent_pgvectors
      where ${isOfModel(model, vector.length)} and version_id = any($2::text[])
      order by similarity desc, version_id limit $3`,
    [toText(vector), of, limit],
  );
}

/** In the statement's text: an index over part of a table serves only statements that name the part. */
function isOfModel(model: string, dimensions: number): string {
  return `model = '${model.replaceAll("'", "''")}' and vector_dims(vector) = ${dimensions}`;
}

function indexName(model: string, dimensions: number): string {
  return `agent_pgvectors_${createHash("sha256").update(model).digest("hex").slice(0, 16)}_${dimensions}`;
}

function toText(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
