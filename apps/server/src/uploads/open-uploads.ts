import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Hash, hashJson, StoaError } from "@stoa/protocol";
import type { ObjectStore } from "../objects/object-store.ts";

/** An upload nobody went on with for so long is dropped. */
const STALE_MS = 24 * 3_600_000;
/** Unfinished uploads of one account; the oldest makes room for the next. */
const MOST_OF_ACCOUNT = 4;
/** Of all accounts together: anybody can make as many as they like. */
const MOST_BYTES = 2 * 2 ** 30;

/** Objects that are sent in pieces, each where the one before it ended. */
export interface Uploads {
  /** Bytes that are here of an object; 0 when none are. */
  offset(accountId: string, hash: Hash): Promise<number>;
  /**
   * Adds a piece. What arrived of one that breaks off is kept.
   * @returns the new offset
   * @throws {StoaError} `upload_conflict` when the piece begins elsewhere, or another one is on its way; `too_large`
   */
  append(accountId: string, hash: Hash, offset: number, piece: Readable): Promise<number>;
  /**
   * Moves a whole upload to the objects.
   * @returns its length in bytes
   * @throws {StoaError} `wrong_hash`, after which nothing of it is left
   */
  finish(accountId: string, hash: Hash): Promise<number>;
  drop(accountId: string, hash: Hash): Promise<void>;
}

/** An upload that waits for its next piece. */
interface Unfinished {
  name: string;
  touchedAt: number;
  bytes: number;
}

/** Lets through no more than an object may have. */
class Bound extends Transform {
  #left: number;

  constructor(bytes: number) {
    super();
    this.#left = bytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#left -= chunk.length;
    if (this.#left < 0) return callback(new StoaError("too_large", "the upload is longer than an artifact may be"));
    callback(null, chunk);
  }
}

/**
 * Opens the uploads that are not whole yet: a file each, in a folder of this machine. What a killed server left is gone
 * on with where it ended; what is not the object it was announced as is found out when it is whole.
 */
export function openUploads(options: { folder: string; objects: ObjectStore; maxBytes: number }): Uploads {
  const { folder, objects, maxBytes } = options;
  const busy = new Set<string>();
  const ownerOf = (accountId: string) => hashJson(accountId).slice(2, 34);
  const nameOf = (accountId: string, hash: Hash) => `${ownerOf(accountId)}-${hash.slice(2)}`;

  async function sizeOf(name: string): Promise<number> {
    return await stat(join(folder, name)).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return 0;
        throw error;
      },
    );
  }

  async function listIdle(): Promise<Unfinished[]> {
    const names = (await readdir(folder)).filter((name) => !busy.has(name));
    const found = await Promise.all(
      names.map((name) =>
        stat(join(folder, name)).then(
          ({ mtimeMs, size }) => ({ name, touchedAt: mtimeMs, bytes: size }),
          () => undefined,
        ),
      ),
    );
    return found.filter((upload) => upload !== undefined).sort((a, b) => b.touchedAt - a.touchedAt);
  }

  /** Before an account begins another upload: the stale ones go, its own oldest, and of all the oldest that are too much. */
  async function makeRoom(owner: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    let ofOwner = 0;
    let bytes = maxBytes;
    for (const upload of await listIdle()) {
      const isOwn = upload.name.startsWith(owner);
      const isStale = upload.touchedAt < Date.now() - STALE_MS;
      if (isStale || (isOwn && ofOwner >= MOST_OF_ACCOUNT - 1) || bytes + upload.bytes > MOST_BYTES) {
        await rm(join(folder, upload.name), { force: true });
        continue;
      }
      if (isOwn) ofOwner += 1;
      bytes += upload.bytes;
    }
  }

  /** One piece at a time: two at once would mix. */
  async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (busy.has(name)) throw new StoaError("upload_conflict", "another piece of this upload is on its way");
    busy.add(name);
    try {
      return await work();
    } finally {
      busy.delete(name);
    }
  }

  return {
    offset: (accountId, hash) => sizeOf(nameOf(accountId, hash)),
    append(accountId, hash, offset, piece) {
      const name = nameOf(accountId, hash);
      return alone(name, async () => {
        const here = await sizeOf(name);
        if (offset !== here)
          throw new StoaError("upload_conflict", `the piece begins at byte ${offset}, ${here} bytes are here`, {
            details: { offset: here },
          });
        if (here === 0) await makeRoom(ownerOf(accountId));
        const file = createWriteStream(join(folder, name), { flags: "a", mode: 0o600 });
        await pipeline(piece, new Bound(maxBytes - here), file);
        return await sizeOf(name);
      });
    },
    finish(accountId, hash) {
      const name = nameOf(accountId, hash);
      return alone(name, async () => {
        const path = join(folder, name);
        try {
          const bytes = await objects.putStream(hash, createReadStream(path), maxBytes);
          await rm(path, { force: true });
          return bytes;
        } catch (error) {
          // Sent again from its beginning, it may be right; while the store is away, what is here is kept.
          if (error instanceof StoaError && error.code === "wrong_hash") await rm(path, { force: true });
          throw error;
        }
      });
    },
    drop(accountId, hash) {
      const name = nameOf(accountId, hash);
      return alone(name, () => rm(join(folder, name), { force: true }));
    },
  };
}
