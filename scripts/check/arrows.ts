import { posix } from "node:path";
import { isOutsideTheProduct, readSourceFiles, workspaceOf } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

/**
 * Who may import whom: the arrows of docs/architecture.md, and nothing else. A name with a path admits only that
 * entry of the package.
 */
const ARROWS: Record<string, readonly string[]> = {
  "packages/protocol": [],
  "packages/core": ["protocol"],
  "packages/agent-kit": ["sandbox", "host", "core", "protocol"],
  "packages/host": ["protocol"],
  "packages/search": [],
  "packages/sdk": ["protocol", "core"],
  "packages/chain": ["protocol", "core"],
  "packages/network": ["protocol", "core"],
  "packages/sandbox": ["protocol", "core"],
  "packages/store": ["host", "core", "protocol"],
  "packages/accounts": ["store", "core", "protocol"],
  "packages/market": ["store", "core", "protocol"],
  "apps/server": [
    "market",
    "accounts",
    "network",
    "chain",
    "protocol",
    "core",
    "store",
    "search",
    "host",
    "sandbox/admission",
  ],
  "apps/node": ["network", "sandbox", "chain", "host", "core", "protocol"],
  "apps/web": ["sdk", "core", "protocol"],
  "apps/cli": ["agent-kit", "sdk", "sandbox", "chain", "host", "core", "protocol"],
  "apps/local": ["sdk", "chain", "host", "core", "protocol"],
  examples: ["agent-kit", "sdk", "sandbox", "host", "protocol"],
};

/** Imports that no arrow allows, and relative ones that climb out of their workspace. */
export function findArrowProblems(root: string): string[] {
  return readSourceFiles(root).flatMap(problemsOf);
}

/** @returns one line per import that is not allowed, `path:line: why` */
export function problemsOf(file: SourceFile): string[] {
  const workspace = workspaceOf(file.path);
  return file.imports.flatMap(({ specifier, line }) => {
    const problem = specifier.startsWith("@stoa/")
      ? problemOfArrow(file.path, workspace, specifier.slice("@stoa/".length))
      : problemOfPath(file.path, workspace, specifier);
    return problem === undefined ? [] : [`${file.path}:${line}: ${problem}`];
  });
}

function problemOfArrow(path: string, workspace: string, target: string): string | undefined {
  if (isOutsideTheProduct(path) || workspace === "packages/testkit") return undefined;
  const allowed = ARROWS[workspace];
  if (allowed === undefined) return `${workspace} has no arrows in scripts/check/arrows.ts`;
  const [name = ""] = target.split("/");
  if (allowed.includes(target) || allowed.includes(name)) return undefined;
  return `${workspace} may import ${allowed.join(", ") || "nothing of ours"}, not @stoa/${target}`;
}

function problemOfPath(path: string, workspace: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".") || workspace === "scripts") return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith(`${workspace}/`)) return undefined;
  return `${specifier} leaves ${workspace}; import the package by its name`;
}
