import { ReadableStream as NodeStream } from "node:stream/web";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { StoaError } from "@stoa/protocol";
import { refuse } from "../wasm-reader.ts";

/**
 * Reads a tar archive entry by entry; the body of one must be read or cancelled before the next is asked for.
 * @throws {StoaError} `invalid_artifact` when it is no whole tar archive
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<ParsedTarEntry> {
  // The same class by another name: the browser's types lack `from`.
  const bytes = NodeStream.from(chunks) as ReadableStream<Uint8Array>;
  const entries = bytes.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    for (;;) {
      const next = await entries.read();
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    if (error instanceof StoaError) throw error;
    refuse(`${what} is not a tar archive: ${(error as Error).message}`);
  } finally {
    await entries.cancel().catch(() => undefined);
  }
}
