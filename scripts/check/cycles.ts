import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { readSourceFiles } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

/** Circles of files that load each other; a type import or a lazy one closes no circle. */
export function findCycles(root: string): string[] {
  const files = readSourceFiles(root);
  return circlesIn(edgesOf(root, files)).map((circle) => circle.join(" → "));
}

function edgesOf(root: string, files: readonly SourceFile[]): Map<string, string[]> {
  const known = new Set(files.map((file) => file.path));
  const entryOf = entryFinder(root);
  return new Map(
    files.map((file) => {
      const targets = file.imports
        .filter(({ kind }) => kind === "load")
        .map(({ specifier }) =>
          specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : entryOf(specifier),
        );
      return [file.path, targets.filter((target) => target !== undefined && known.has(target)) as string[]];
    }),
  );
}

/** Finds the file that `@stoa/NAME` or `@stoa/NAME/ENTRY` stands for, by that package's own `exports`. */
function entryFinder(root: string): (specifier: string) => string | undefined {
  const found = new Map<string, string | undefined>();
  const find = (specifier: string) => {
    const [, name = "", entry] = specifier.split("/");
    for (const folder of [`packages/${name}`, `apps/${name}`]) {
      const text = readIfThere(join(root, folder, "package.json"));
      if (text === undefined) continue;
      const { exports } = JSON.parse(text) as { exports?: string | Record<string, string> };
      const target = typeof exports === "string" ? exports : exports?.[entry === undefined ? "." : `./${entry}`];
      return target === undefined ? undefined : posix.join(folder, target);
    }
    return undefined;
  };
  return (specifier) => {
    if (!specifier.startsWith("@stoa/")) return undefined;
    if (!found.has(specifier)) found.set(specifier, find(specifier));
    return found.get(specifier);
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The circles a depth-first walk closes, each from a file back to itself.
 * @example
 * circlesIn(new Map([["a", ["b"]], ["b", ["a"]]])) // [["a", "b", "a"]]
 */
export function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string) => {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) circles.push([...trail.slice(seenAt), file]);
    if (seenAt >= 0 || done.has(file)) return;
    trail.push(file);
    for (const target of edges.get(file) ?? []) visit(target);
    trail.pop();
    done.add(file);
  };
  for (const file of edges.keys()) visit(file);
  return circles;
}
