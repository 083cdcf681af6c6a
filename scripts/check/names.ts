import { basename, extname } from "node:path";
import { readSourceFiles } from "./source-files.ts";

/** Names that say nothing about what lies inside. */
const EMPTY_NAMES = new Set(["utils", "util", "helpers", "helper", "common", "services", "managers", "misc", "shared"]);

/** Files and folders named by a kind of code instead of their subject. */
export function findNameProblems(root: string): string[] {
  return readSourceFiles(root)
    .map((file) => ({
      path: file.path,
      parts: [...file.path.split("/").slice(0, -1), basename(file.path, extname(file.path))],
    }))
    .flatMap(({ path, parts }) =>
      parts.filter((part) => EMPTY_NAMES.has(part)).map((part) => `${path}: name "${part}" by its subject`),
    );
}
