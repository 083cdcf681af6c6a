import { hashBytes } from "@stoa/protocol";
import { refuse } from "../wasm-reader.ts";
import { imageBounds } from "./image-bounds.ts";
import type { ImageArchive } from "./read-archive.ts";

/** Where an archive keeps its one image. */
export interface FoundImage {
  config: Record<string, unknown>;
  /** Lowest first, compressed or not. */
  layers: Uint8Array[];
}

/** An index may name a second one, which names the image. */
const MAX_INDEX_DEPTH = 2;

function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  if (bytes.length > imageBounds.jsonBytes) refuse(`${what} is over ${imageBounds.jsonBytes} bytes`);
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof json === "object" && json !== null) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  return refuse(`${what} is not a JSON object`);
}

function textOf(value: unknown, what: string): string {
  return typeof value === "string" ? value : refuse(`${what} is missing`);
}

function listOf(value: unknown, what: string): unknown[] {
  return Array.isArray(value) ? value : refuse(`${what} is not a list`);
}

/** A member that is named by its content must hold that content. */
function namedFile(archive: ImageArchive, path: string): Uint8Array {
  const bytes = archive.file(path);
  const named = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(path)?.[1];
  if (named !== undefined && hashBytes(bytes) !== `0x${named}`)
    refuse(`${path} holds what hashes to ${hashBytes(bytes).slice(2)}`);
  return bytes;
}

function blob(archive: ImageArchive, descriptor: unknown, what: string): Uint8Array {
  const digest = textOf((descriptor as { digest?: unknown } | null | undefined)?.digest, `the digest of ${what}`);
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? refuse(`the digest of ${what} is not a SHA-256`);
  return namedFile(archive, `blobs/sha256/${hex}`);
}

function findInDockerArchive(archive: ImageArchive): FoundImage {
  const images = listOf(parseObject(archive.file("manifest.json"), "manifest.json"), "manifest.json");
  if (images.length !== 1) refuse(`the archive holds ${images.length} images, it must hold one`);
  const image = (images[0] ?? {}) as { Config?: unknown; Layers?: unknown };
  return {
    config: parseObject(
      namedFile(archive, textOf(image.Config, "Config in manifest.json")),
      "the image's configuration",
    ),
    layers: listOf(image.Layers, "Layers in manifest.json").map((path) =>
      namedFile(archive, textOf(path, "a layer's path in manifest.json")),
    ),
  };
}

/** Build tools put a statement of provenance beside the image, which is none. */
function isImage(descriptor: unknown): boolean {
  const { annotations } = (descriptor ?? {}) as { annotations?: Record<string, unknown> };
  return annotations?.["vnd.docker.reference.type"] !== "attestation-manifest";
}

function findInLayout(archive: ImageArchive): FoundImage {
  let manifest = parseObject(archive.file("index.json"), "index.json");
  for (let depth = 0; Array.isArray(manifest["manifests"]); depth += 1) {
    if (depth === MAX_INDEX_DEPTH) refuse("the layout's indexes are nested too deep");
    const images = manifest["manifests"].filter(isImage);
    if (images.length !== 1) refuse(`the layout holds ${images.length} images, it must hold one`);
    manifest = parseObject(blob(archive, images[0], "the image"), "the image's manifest");
  }
  return {
    config: parseObject(blob(archive, manifest["config"], "the configuration"), "the image's configuration"),
    layers: listOf(manifest["layers"], "layers in the image's manifest").map((layer) =>
      blob(archive, layer, "a layer"),
    ),
  };
}

/**
 * Finds the one image of a docker-archive or an OCI layout.
 * @throws {StoaError} `invalid_artifact` when there is none, or more than one, or something does not hash to its name
 */
export function findImage(archive: ImageArchive): FoundImage {
  const found = archive.has("manifest.json")
    ? findInDockerArchive(archive)
    : archive.has("oci-layout")
      ? findInLayout(archive)
      : refuse("the artifact is neither a docker-archive (manifest.json) nor an OCI layout (oci-layout)");
  const { length } = found.layers;
  if (length === 0 || length > imageBounds.layers)
    refuse(`the image has ${length} layers, 1 to ${imageBounds.layers} are allowed`);
  return found;
}
