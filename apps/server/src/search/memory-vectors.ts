import {
  findAgentVectors,
  insertAgentVectors,
  lastAgentVector,
  listAgentVectors,
  listUnembedded,
  VECTORS_CHANNEL,
} from "@stoa/store";
import type { AgentVector, Database } from "@stoa/store";
import type { Logger } from "pino";
import type { IndexThread } from "./index-thread.ts";
import type { VectorStore } from "./vector-store.ts";

/** Vectors that go to the index at once. */
const AT_ONCE = 500;

/** Keeps a model's vectors in the database, and has the index compare all of them: what it finds is exact. */
export async function memoryVectors(
  { database, log }: { database: Database; log: Logger },
  model: string,
): Promise<VectorStore> {
  // What is there comes with its agents.
  let last = await lastAgentVector(database, model);

  async function give(index: IndexThread, vectors: readonly AgentVector[]): Promise<void> {
    const refused = await index.call(
      "setVectors",
      vectors.map(({ versionId, vector }) => [versionId, vector] as const),
    );
    if (refused.length > 0)
      log.warn(
        { model, agents: refused.length },
        "vectors of another length than the others are left out of the search",
      );
  }

  return {
    missing: (of) => listUnembedded(database, { ...of, model, table: "agent_vectors" }),
    insert: (vectors) => database.transaction((tx) => insertAgentVectors(tx, model, vectors)),
    async fill(index, versionIds) {
      for (let from = 0; from < versionIds.length; from += AT_ONCE)
        await give(index, await findAgentVectors(database, model, versionIds.slice(from, from + AT_ONCE)));
    },
    async follow(index) {
      for (;;) {
        const read = await listAgentVectors(database, { model, after: last, limit: AT_ONCE });
        await give(index, read.vectors);
        last = read.last;
        if (read.vectors.length < AT_ONCE) return;
      }
    },
    onWritten: (listener) => database.listen(VECTORS_CHANNEL, listener),
  };
}
