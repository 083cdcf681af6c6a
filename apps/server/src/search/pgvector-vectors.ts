import { MOST_NEAR } from "@stoa/search";
import { type Database, findNearest, findNearestOf, insertPgvectors, listUnembedded } from "@stoa/store";
import type { VectorStore } from "./vector-store.ts";

/** A filter that lets fewer pass has each of them compared; of more, the nearest are found and then filtered. */
const FEW = 5_000;

/** Keeps a model's vectors in the database's pgvector, and has its index find the nearest: most of them, and soon. */
export function pgvectorVectors(database: Database, model: string): VectorStore {
  return {
    missing: (of) => listUnembedded(database, { ...of, model, table: "agent_pgvectors" }),
    insert: (vectors) => insertPgvectors(database, model, vectors),
    async fill() {},
    async follow() {},
    onWritten: () => () => {},
    async nearest(index, vector, filter) {
      const isFiltered = Object.values(filter).some((value) => value !== undefined);
      const few = isFiltered ? await index.call("passing", filter, FEW) : null;
      if (few) return findNearestOf(database, { model, vector, of: few, limit: MOST_NEAR });
      return findNearest(database, { model, vector, limit: MOST_NEAR });
    },
  };
}
