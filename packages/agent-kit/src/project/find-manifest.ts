import { stat } from "node:fs/promises";
import { join } from "node:path";
import { findWrittenManifest } from "./find-written-manifest.ts";

/** The manifest to publish: the built one, or else the written one. A path that is no folder is the manifest itself. */
export async function findManifest(path: string): Promise<string> {
  if (!(await isThere(path, "folder"))) return path;
  const built = join(path, "build", "manifest.json");
  return (await isThere(built, "file")) ? built : await findWrittenManifest(path);
}

function isThere(path: string, as: "folder" | "file"): Promise<boolean> {
  return stat(path).then(
    (found) => (as === "folder" ? found.isDirectory() : found.isFile()),
    () => false,
  );
}
