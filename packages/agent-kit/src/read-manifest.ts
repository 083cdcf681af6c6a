import { readFile } from "node:fs/promises";
import { type Manifest, parseManifest, StoaError } from "@stoa/protocol";

/**
 * Reads and checks a manifest file.
 * @throws {StoaError} `not_found` without the file, `malformed_json` or `invalid_manifest` naming what is wrong
 * @example
 * const manifest = await readManifest("build/manifest.json");
 */
export async function readManifest(path: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new StoaError("not_found", `the manifest ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return parseManifest(json);
}
