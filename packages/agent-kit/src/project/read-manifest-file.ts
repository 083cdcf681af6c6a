import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { StoaError } from "@stoa/protocol";
import { parseDocument } from "yaml";

/** Most anchors a manifest may repeat: a few, never a bomb. */
const MAX_ALIASES = 64;

/** A manifest's fields as its author wrote them: unchecked, the artifact's hash and size perhaps left out. */
export type ManifestFields = Record<string, unknown>;

/**
 * Reads a manifest's file, YAML by its ending and JSON otherwise. `$schema` is for the author's editor and goes.
 * @throws {StoaError} `not_found` without the file, `malformed_json` for text that is neither, `invalid_manifest` for
 *   anything but an object
 */
export async function readManifestFile(path: string): Promise<ManifestFields> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new StoaError("not_found", `the manifest ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const value = /^\.ya?ml$/i.test(extname(path)) ? parseYaml(text, path) : parseJson(text, path);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new StoaError("invalid_manifest", `${path} must hold an object`);
  const { $schema: _forEditors, ...fields } = value as ManifestFields;
  return fields;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** YAML 1.2's core schema, of which every value is JSON's. */
function parseYaml(text: string, path: string): unknown {
  const document = parseDocument(text, { schema: "core", prettyErrors: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new StoaError("malformed_json", `${path} is not YAML: ${problem.message}`, { cause: problem });
  try {
    // What is signed is JSON: going through it drops what only YAML has.
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES })) ?? "null");
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not YAML: ${(cause as Error).message}`, { cause });
  }
}
