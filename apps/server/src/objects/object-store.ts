import { createHash, randomUUID } from "node:crypto";
import { Transform, type Readable } from "node:stream";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import { Disk, errors } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";

/** Bytes kept under their own SHA-256: what is there never changes, and what is read is what was written. */
export interface ObjectStore {
  /** Keeps bytes; the same bytes twice are kept once. */
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

/** Opens the object store that lies in a folder. */
export function openObjectStore(folder: string): ObjectStore {
  const disk = new Disk(new FSDriver({ location: folder, visibility: "private" }));

  /** Writes aside first, so that no reader ever sees half an object under its name. */
  async function keep(write: (temporary: string) => Promise<Hash>): Promise<Hash> {
    const temporary = `incoming/${randomUUID()}`;
    try {
      const hash = await write(temporary);
      await disk.move(temporary, keyOf(hash));
      return hash;
    } catch (error) {
      await disk.delete(temporary);
      throw error;
    }
  }

  return {
    async put(bytes) {
      const hash = hashBytes(bytes);
      if (await disk.exists(keyOf(hash))) return hash;
      return keep(async (temporary) => {
        await disk.put(temporary, bytes);
        return hash;
      });
    },

    async putStream(hash, stream, maxBytes) {
      const meter = new Meter(maxBytes);
      stream.once("error", (error) => meter.destroy(error));
      await keep(async (temporary) => {
        await disk.putStream(temporary, stream.pipe(meter)).catch((error: unknown) => {
          stream.unpipe(meter);
          stream.resume();
          throw meter.errored ?? error;
        });
        const actual = meter.hash();
        if (actual !== hash) throw new StoaError("wrong_hash", `the bytes hash to ${actual}, expected ${hash}`);
        return hash;
      });
      return meter.bytes;
    },

    async get(hash) {
      const bytes = await disk.getBytes(keyOf(hash)).catch((error: unknown) => {
        if (error instanceof errors.E_CANNOT_READ_FILE && isMissing(error)) throw new StoaError("not_found", `there is no object ${hash}`);
        throw error;
      });
      const actual = hashBytes(bytes);
      if (actual !== hash) throw new StoaError("internal", `the object ${hash} was altered in the store: it hashes to ${actual}`);
      return bytes;
    },

    has: (hash) => disk.exists(keyOf(hash)),
  };
}

/** Counts and hashes what passes, and stops what is too long. */
class Meter extends Transform {
  bytes = 0;
  readonly #maxBytes: number;
  readonly #digest = createHash("sha256");

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null, data?: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#maxBytes) {
      callback(new StoaError("too_large", `more than ${this.#maxBytes} bytes were sent`));
      return;
    }
    this.#digest.update(chunk);
    callback(null, chunk);
  }

  hash(): Hash {
    return `0x${this.#digest.digest("hex")}`;
  }
}

/** Objects are spread over 256 folders, which every file system bears. */
function keyOf(hash: Hash): string {
  const digits = hash.slice(2);
  return `sha256/${digits.slice(0, 2)}/${digits}`;
}

function isMissing(error: Error): boolean {
  return (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
