import type { Readable } from "node:stream";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { openFolderStore } from "./folder-store.ts";
import { openSmallStore } from "./small-store.ts";

/** Largest object that goes into the database: most inputs and results are smaller, no artifact is. */
export const SMALL_BYTES = 16 << 10;

/** Bytes kept under their own SHA-256: what is there never changes, and what is read is what was written. */
export interface ObjectStore {
  /** Keeps bytes; the same bytes twice are kept once. On disk when this resolves. */
  put(bytes: Uint8Array): Promise<Hash>;
  /**
   * Keeps a stream that must hash to `hash`. A stream that does not leaves nothing behind.
   * @returns its length in bytes
   * @throws {StoaError} `wrong_hash`, `too_large` for more than `maxBytes`
   */
  putStream(hash: Hash, stream: Readable, maxBytes: number): Promise<number>;
  /** @throws {StoaError} `not_found`; `internal` when what is stored no longer hashes to its name */
  get(hash: Hash): Promise<Uint8Array>;
  has(hash: Hash): Promise<boolean>;
}
/**
 * Opens the market's object store: small objects put whole lie in the database, where many share one commit; the rest
 * lies in a folder, a file an object.
 */
export function openObjectStore({ folder, database }: { folder: string; database: Database }): ObjectStore {
  const files = openFolderStore(folder);
  const small = openSmallStore(database);
  return {
    put: (bytes) => (bytes.length <= SMALL_BYTES ? small.put(bytes) : files.put(bytes)),
    putStream: files.putStream,
    async get(hash) {
      const bytes = await small.find(hash);
      if (!bytes) return files.get(hash);
      const actual = hashBytes(bytes);
      if (actual !== hash)
        throw new StoaError("internal", `the object ${hash} was altered in the database: it hashes to ${actual}`);
      return bytes;
    },
    has: async (hash) => (await small.find(hash)) !== undefined || files.has(hash),
  };
}
