import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { isOutsideTheProduct, readSourceFiles, workspaceOf } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Packages imported without being declared where they are used, and versions that are not exact. */
export function findDependencyProblems(root: string): string[] {
  const manifests = new Map(
    globSync(["package.json", "{packages,apps}/*/package.json", "{contracts,toolchain}/package.json"], {
      cwd: root,
    }).map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
      return [dirname(path).replaceAll("\\", "/"), manifest];
    }),
  );
  const loose = [...manifests].flatMap(([folder, manifest]) => looseVersions(folder, manifest));
  const undeclared = readSourceFiles(root).flatMap((file) => undeclaredImports(file, manifests));
  return [...loose, ...undeclared];
}

function looseVersions(folder: string, manifest: Manifest): string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all)
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${folder}/package.json: ${name} is ${version}; pin one version`);
}

function undeclaredImports(file: SourceFile, manifests: ReadonlyMap<string, Manifest>): string[] {
  const workspace = manifests.has(workspaceOf(file.path)) ? workspaceOf(file.path) : ".";
  const own = manifests.get(workspace) ?? {};
  const free = isOutsideTheProduct(file.path) || workspace === ".";
  const declared = new Set([
    ...Object.keys({ ...own.dependencies, ...own.optionalDependencies }),
    ...(free ? Object.keys({ ...own.devDependencies, ...manifests.get(".")?.devDependencies }) : []),
  ]);
  return file.imports.flatMap(({ specifier, line }) => {
    if (/^[./#]/.test(specifier) || isBuiltin(specifier)) return [];
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    if (declared.has(name) || (free && name.startsWith("@stoa/"))) return [];
    return [`${file.path}:${line}: ${name} is not declared in ${workspace}/package.json`];
  });
}
