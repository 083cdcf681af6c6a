import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { refuse } from "../wasm-reader.ts";

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** Bytes given at a time of what was not compressed. */
const SLICE_BYTES = 1 << 20;

/** True when the bytes are compressed in a way that `unpackStream` undoes. */
export function isPacked(bytes: Uint8Array): boolean {
  return [GZIP, ZSTD].some((magic) => magic.every((byte, at) => bytes[at] === byte));
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

/**
 * Streams bytes, decompressed when they are gzip or zstd.
 * @param onChunk sees every chunk before it is passed on; it throws to stop
 * @throws {StoaError} `invalid_artifact` when the compression is damaged
 */
export async function* unpackStream(
  bytes: Uint8Array,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(slices(bytes));
  const isGzip = GZIP.every((byte, at) => bytes[at] === byte);
  const stream = isPacked(bytes) ? source.pipe(isGzip ? createGunzip() : createZstdDecompress()) : source;
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const next = await chunks
        .next()
        .catch((error: unknown) => refuse(`the image's compression is damaged: ${(error as Error).message}`));
      if (next.done) return;
      onChunk(next.value);
      yield next.value;
    }
  } finally {
    stream.destroy();
    source.destroy();
  }
}
