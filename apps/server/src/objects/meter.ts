import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { type Hash, StoaError } from "@stoa/protocol";

/** Counts and hashes the bytes that pass, and stops a stream that is too long or, at its end, not what it must hash to. */
export class Meter extends Transform {
  bytes = 0;
  readonly #maxBytes: number;
  readonly #expected: Hash;
  readonly #digest = createHash("sha256");

  constructor(maxBytes: number, expected: Hash) {
    super();
    this.#maxBytes = maxBytes;
    this.#expected = expected;
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

  override _flush(callback: (error?: Error | null) => void): void {
    const actual: Hash = `0x${this.#digest.digest("hex")}`;
    callback(
      actual === this.#expected
        ? null
        : new StoaError("wrong_hash", `the bytes hash to ${actual}, expected ${this.#expected}`),
    );
  }
}
