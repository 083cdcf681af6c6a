import { type Hash, hashBytes } from "@stoa/protocol";
import { type Database, findSmallObjects, insertSmallObjects } from "@stoa/store";
import { LRUCache } from "lru-cache";
import { inBatches } from "./in-batches.ts";

/** An input is read within seconds of being put, by the award that sends it to its node. */
const REMEMBERED_BYTES = 64 << 20;

/** Objects in the database. */
export interface SmallStore {
  /** Keeps bytes; committed when this resolves. */
  put(bytes: Uint8Array): Promise<Hash>;
  /** What the database has under a hash, unchecked. */
  find(hash: Hash): Promise<Uint8Array | undefined>;
}

/** Opens the small objects of a database; what many put or ask for at once is one statement. */
export function openSmallStore(database: Database): SmallStore {
  const remembered = new LRUCache<Hash, Uint8Array>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: (bytes) => bytes.length + 100,
  });
  const insert = inBatches(async (objects: Map<Hash, Uint8Array>) => {
    await insertSmallObjects(
      database,
      [...objects].map(([hash, bytes]) => ({ hash, bytes })),
    );
    for (const [hash, bytes] of objects) remembered.set(hash, bytes);
    return objects;
  });
  const select = inBatches(async (hashes: Map<Hash, null>) => {
    const objects = await findSmallObjects(database, [...hashes.keys()]);
    for (const { hash, bytes } of objects) remembered.set(hash, bytes);
    return new Map(objects.map(({ hash, bytes }) => [hash, bytes]));
  });
  return {
    async put(bytes) {
      const hash = hashBytes(bytes);
      if (!remembered.has(hash)) await insert(hash, bytes);
      return hash;
    },
    find: async (hash) => remembered.get(hash) ?? (await select(hash, null)),
  };
}
