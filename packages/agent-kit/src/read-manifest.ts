import { type Manifest, parseManifest } from "@stoa/protocol";
import { readManifestFile } from "./project/read-manifest-file.ts";

/**
 * Reads and checks a manifest file, JSON or YAML.
 * @throws {StoaError} `not_found` without the file, `malformed_json` or `invalid_manifest` naming what is wrong
 * @example
 * const manifest = await readManifest("build/manifest.json");
 */
export async function readManifest(path: string): Promise<Manifest> {
  return parseManifest(await readManifestFile(path));
}
