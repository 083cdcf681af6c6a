import type { AgentVersionId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** The vector a model made of an agent version. */
export interface AgentVector {
  versionId: AgentVersionId;
  vector: Float32Array;
}

/** What other processes are told on when vectors were written. */
export const VECTORS_CHANNEL = "stoa_agent_vectors";
/** Any constant: who writes vectors holds it, so that their numbers come in the order of their commits. */
const WRITING = 7_304;

interface StoredVector {
  versionId: AgentVersionId;
  vector: Uint8Array;
  seq: bigint;
}

/** Keeps vectors, in a transaction of the caller's; one that is there already stays. */
export async function insertAgentVectors(tx: Queryable, model: string, vectors: readonly AgentVector[]): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [WRITING]);
  await tx.query(
    `insert into agent_vectors (version_id, model, vector)
     select version_id, $1, decode(vector, 'hex') from unnest($2::text[], $3::text[]) as given (version_id, vector)
     on conflict do nothing`,
    [model, vectors.map(({ versionId }) => versionId), vectors.map(({ vector }) => toBytes(vector).toString("hex"))],
  );
  await tx.query("select pg_notify($1, '')", [VECTORS_CHANNEL]);
}

/** A model's vectors after a place, in the order they were written, and the place they end at. */
export async function listAgentVectors(
  database: Queryable,
  { model, after, limit }: { model: string; after: bigint; limit: number },
): Promise<{ vectors: AgentVector[]; last: bigint }> {
  const rows = await database.query<StoredVector>(
    `select version_id as "versionId", vector, seq from agent_vectors
      where model = $1 and seq > $2 order by seq limit $3`,
    [model, after.toString(), limit],
  );
  return { vectors: rows.map(toVector), last: rows.at(-1)?.seq ?? after };
}

/** The place of a model's last vector. */
export async function lastAgentVector(database: Queryable, model: string): Promise<bigint> {
  const [row] = await database.query<{ last: bigint }>(
    "select coalesce(max(seq), 0) as last from agent_vectors where model = $1",
    [model],
  );
  return row?.last ?? 0n;
}

/** A model's vectors of some agent versions. */
export async function findAgentVectors(
  database: Queryable,
  model: string,
  versionIds: readonly string[],
): Promise<AgentVector[]> {
  const rows = await database.query<StoredVector>(
    `select version_id as "versionId", vector from agent_vectors where model = $1 and version_id = any($2::text[])`,
    [model, versionIds],
  );
  return rows.map(toVector);
}

function toBytes({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Copied: what the driver gives may begin at any byte. */
function toVector({ versionId, vector }: StoredVector): AgentVector {
  return { versionId, vector: new Float32Array(new Uint8Array(vector).buffer) };
}
