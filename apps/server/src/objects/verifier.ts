import { createHash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { type Hash, StoaError } from "@stoa/protocol";

/**
 * Passes an object's bytes on while it hashes them, and keeps the last piece back until all of them have proven to be
 * the object's: whoever reads what was altered is cut off before its end, and cannot take it for whole.
 */
export class Verifier extends Transform {
  readonly #hash: Hash;
  readonly #digest = createHash("sha256");
  #held: Buffer | undefined;

  constructor(hash: Hash) {
    super();
    this.#hash = hash;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#digest.update(chunk);
    const before = this.#held;
    this.#held = chunk;
    callback(null, before);
  }

  override _flush(callback: TransformCallback): void {
    const actual: Hash = `0x${this.#digest.digest("hex")}`;
    if (actual === this.#hash) return callback(null, this.#held);
    callback(new StoaError("internal", `the object ${this.#hash} was altered in the store: it hashes to ${actual}`));
  }
}
