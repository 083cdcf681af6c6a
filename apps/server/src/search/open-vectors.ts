import { preparePgvector } from "@stoa/store";
import type { EffectContext } from "../effects/effect-context.ts";
import { memoryVectors } from "./memory-vectors.ts";
import { pgvectorVectors } from "./pgvector-vectors.ts";
import type { VectorStore } from "./vector-store.ts";

/** Opens the place of a model's vectors: pgvector where the database has it, and else the index's memory. */
export async function openVectors(
  { database, log }: Pick<EffectContext, "database" | "log">,
  model: string,
): Promise<VectorStore> {
  const missing = await preparePgvector(database);
  if (missing === undefined) {
    log.info({ model }, "agents are compared in meaning by the database's pgvector");
    return pgvectorVectors(database, model);
  }
  log.info({ model, pgvector: missing }, "agents are compared in meaning in this process's memory");
  return await memoryVectors({ database, log }, model);
}
