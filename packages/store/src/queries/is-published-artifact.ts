import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Whether some agent version is made of the artifact with this hash. */
export async function isPublishedArtifact(database: Queryable, hash: Hash): Promise<boolean> {
  const rows = await database.query("select 1 from agents where artifact_hash = $1 limit 1", [hash]);
  return rows.length > 0;
}
