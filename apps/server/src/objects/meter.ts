import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { type Hash, StoaError } from "@stoa/protocol";

/** Counts and hashes the bytes that pass, and stops a stream that is too long. */
export class Meter extends Transform {
  bytes = 0;
  readonly #maxBytes: number;
  readonly #digest = createHash("sha256");

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#maxBytes) {
      callback(new StoaError("too_large", `more than ${this.#maxBytes} bytes were sent`));
      return;
    }
    this.#digest.update(chunk);
    callback(null, chunk);
  }

  /** The SHA-256 of all that passed; asked once, at the end. */
  hash(): Hash {
    return `0x${this.#digest.digest("hex")}`;
  }
}
