import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "./imports-of.ts";
import type { ImportFound } from "./imports-of.ts";

export interface SourceFile {
  /** From the root, with forward slashes. */
  path: string;
  imports: ImportFound[];
}

const ROOMS = "{packages,apps,contracts,bench,scripts,examples}/**/*.{ts,tsx,mts}";
const SKIPPED = /(^|\/)(node_modules|dist|build|out|cache|artifacts|assembly|templates)\//;

/** Every TypeScript file of the repository with its imports. */
export function readSourceFiles(root: string): SourceFile[] {
  return globSync(ROOMS, { cwd: root, exclude: (path) => SKIPPED.test(`${slashed(path)}/`) })
    .map(slashed)
    .filter((path) => !SKIPPED.test(path) && !path.endsWith(".d.ts"))
    .sort()
    .map((path) => ({ path, imports: importsOf(readFileSync(join(root, path), "utf8")) }));
}

/**
 * The workspace a file belongs to, or the top folder when that is none.
 * @example
 * workspaceOf("packages/core/src/index.ts") // "packages/core"
 */
export function workspaceOf(path: string): string {
  const [top = "", name = ""] = path.split("/");
  return top === "packages" || top === "apps" ? `${top}/${name}` : top;
}

/** Tests, benches and scripts may use anything to set a scene; what ships may not. */
export function isOutsideTheProduct(path: string): boolean {
  return /^(bench|scripts|contracts)\//.test(path) || /(\.test\.tsx?$)|\/(tests|scripts)\//.test(path);
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
