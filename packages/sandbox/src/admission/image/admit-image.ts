import { createHash } from "node:crypto";
import { createTarPacker } from "modern-tar";
import { refuse } from "../wasm-reader.ts";
import { findImage } from "./find-image.ts";
import { imageBounds } from "./image-bounds.ts";
import { createImageTree } from "./image-tree.ts";
import { readArchive } from "./read-archive.ts";
import { readImageConfig } from "./read-image-config.ts";
import { rewriteLayer } from "./rewrite-layer.ts";

/** An image that may be run, in the one form every engine takes. */
export interface AdmittedImage {
  /** As Go names processors, such as `amd64`. */
  architecture: string;
  command: readonly string[];
  env: readonly string[];
  workingDir: string;
  /** The layers' SHA-256 as they are written anew. */
  diffIds: readonly string[];
  /** Bytes of all layers unpacked. */
  unpackedBytes: number;
  /** Streams it as a docker-archive that gives it the tag. */
  archive(tag: string): ReadableStream<Uint8Array>;
}

/**
 * Checks a container image in an archive (`docker save`, or an OCI layout in a tar file; gzip or zstd as a whole or by
 * layer) and writes it anew for the engine: only files, folders and links that stay inside, each layer true to its
 * digest, and of the configuration the command, the environment and the working folder.
 * @throws {StoaError} `invalid_artifact`
 * @example
 * const image = await admitImage(await readFile("agent.tar"));
 * image.command // ["/bin/sh", "/agent.sh"]
 */
export async function admitImage(bytes: Uint8Array): Promise<AdmittedImage> {
  const found = findImage(await readArchive(bytes));
  const config = readImageConfig(found.config, found.layers.length);
  let unpackedBytes = 0;
  const count = (more: number) => {
    unpackedBytes += more;
    if (unpackedBytes > imageBounds.unpackedBytes)
      refuse(`the image unpacks to more than ${imageBounds.unpackedBytes} bytes`);
  };
  const written: { diffId: string; bytes: number }[] = [];
  const tree = createImageTree();
  for (const [index, layer] of found.layers.entries()) {
    const hash = createHash("sha256");
    let length = 0;
    for await (const chunk of rewriteLayer(layer, config.diffIds[index]!, tree, count)) {
      hash.update(chunk);
      length += chunk.length;
    }
    written.push({ diffId: `sha256:${hash.digest("hex")}`, bytes: length });
  }
  const diffIds = written.map(({ diffId }) => diffId);
  const { architecture, command, env, workingDir } = config;
  const configJson = Buffer.from(
    JSON.stringify({
      architecture,
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: { Env: env, Cmd: command, WorkingDir: workingDir },
      rootfs: { type: "layers", diff_ids: diffIds },
      history: diffIds.map(() => ({ created: "1970-01-01T00:00:00Z" })),
    }),
  );

  function archive(tag: string): ReadableStream<Uint8Array> {
    const { readable, controller } = createTarPacker();
    const names = diffIds.map((_, index) => `layer-${index}.tar`);
    const manifest = Buffer.from(JSON.stringify([{ Config: "config.json", RepoTags: [tag], Layers: names }]));
    async function add(name: string, size: number, body: ReadableStream<Uint8Array>): Promise<void> {
      await body.pipeTo(controller.add({ name, size, type: "file", mode: 0o644, mtime: new Date(0) }));
    }
    async function write(): Promise<void> {
      const again = createImageTree();
      await add("config.json", configJson.length, new Blob([configJson]).stream());
      await add("manifest.json", manifest.length, new Blob([manifest]).stream());
      for (const [index, layer] of found.layers.entries()) {
        const body = rewriteLayer(layer, config.diffIds[index]!, again, () => undefined);
        await add(names[index]!, written[index]!.bytes, body);
      }
      controller.finalize();
    }
    write().catch((error: unknown) => controller.error(error as Error));
    return readable;
  }

  return { architecture, command, env, workingDir, diffIds, unpackedBytes, archive };
}
