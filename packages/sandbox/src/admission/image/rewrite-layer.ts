import { createHash } from "node:crypto";
import { createTarPacker } from "modern-tar";
import { refuse } from "../wasm-reader.ts";
import type { ImageTree } from "./image-tree.ts";
import { readTar } from "./read-tar.ts";
import { unpackStream } from "./unpack-stream.ts";

/**
 * Streams a layer written anew, entry by entry, from what the tree let through: an engine reads what was judged here,
 * not another reading of the same bytes. The layer must hash to its diff id when it is unpacked.
 * @param onBytes told how many bytes came out of the compression; it throws to stop
 */
export function rewriteLayer(
  layer: Uint8Array,
  diffId: string,
  tree: ImageTree,
  onBytes: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const hash = createHash("sha256");
  const chunks = unpackStream(layer, (chunk) => {
    onBytes(chunk.length);
    hash.update(chunk);
  });

  async function rewrite(): Promise<void> {
    tree.nextLayer();
    for await (const { header, body } of readTar(chunks, "a layer")) {
      const written = tree.admit(header);
      if (written) await body.pipeTo(controller.add(written));
      else await body.cancel();
    }
    const actual = `sha256:${hash.digest("hex")}`;
    if (actual !== diffId) refuse(`a layer hashes to ${actual}, the image's configuration says ${diffId}`);
    controller.finalize();
  }
  rewrite().catch((error: unknown) => controller.error(error as Error));
  return readable;
}
