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

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
