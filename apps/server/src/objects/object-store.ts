import { Readable } from "node:stream";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
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
  /**
   * Opens an object to be read piece by piece, or a part of it. A whole one whose bytes were altered fails before its
   * last piece; a part is as it is stored.
   * @returns the size of the whole object, and the bytes asked for
   * @throws {StoaError} `not_found`
   */
  open(hash: Hash, range?: ByteRange): Promise<{ bytes: number; stream: Readable }>;
  /** @throws {StoaError} `not_found`; `internal` when what is stored no longer hashes to its name */
  get(hash: Hash): Promise<Uint8Array>;
  has(hash: Hash): Promise<boolean>;
}

/** Bytes of an object from `start` to `end`, both within. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Opens the market's object store: small objects put whole lie in the database, where many share one commit; the rest
 * lies in a store of its own, a folder or a bucket.
 */
export function openObjectStore({ large, database }: { large: ObjectStore; database: Database }): ObjectStore {
  const small = openSmallStore(database);

  async function findSmall(hash: Hash): Promise<Uint8Array | undefined> {
    const bytes = await small.find(hash);
    const actual = bytes && hashBytes(bytes);
    if (actual !== undefined && actual !== hash)
      throw new StoaError("internal", `the object ${hash} was altered in the database: it hashes to ${actual}`);
    return bytes;
  }

  return {
    put: (bytes) => (bytes.length <= SMALL_BYTES ? small.put(bytes) : large.put(bytes)),
    putStream: large.putStream,
    async open(hash, range) {
      const bytes = await findSmall(hash);
      if (!bytes) return large.open(hash, range);
      const asked = range ? bytes.subarray(range.start, range.end + 1) : bytes;
      return { bytes: bytes.length, stream: Readable.from([asked], { objectMode: false }) };
    },
    get: async (hash) => (await findSmall(hash)) ?? large.get(hash),
    has: async (hash) => (await small.find(hash)) !== undefined || large.has(hash),
  };
}
