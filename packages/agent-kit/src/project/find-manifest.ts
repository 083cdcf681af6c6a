import { stat } from "node:fs/promises";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

const WRITTEN = ["manifest.json", "manifest.yaml", "manifest.yml"];

/**
 * The manifest an author wrote into a folder.
 * @throws {StoaError} `not_found` without one, `invalid_manifest` where there are two
 */
export async function findWrittenManifest(folder: string): Promise<string> {
  const found: string[] = [];
  for (const name of WRITTEN) if (await exists(join(folder, name))) found.push(name);
  const [first] = found;
  if (first === undefined) throw new StoaError("not_found", `${folder} has no manifest.json or manifest.yaml`);
  if (found.length > 1)
    throw new StoaError("invalid_manifest", `${folder} has ${found.join(" and ")}: one manifest is enough`);
  return join(folder, first);
}

/** The manifest to publish: the built one, or else the written one. A path that is no folder is the manifest itself. */
export async function findManifest(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  const built = join(path, "build", "manifest.json");
  return (await exists(built)) ? built : await findWrittenManifest(path);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
