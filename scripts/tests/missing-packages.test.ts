import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { missingPackages } from "../run/missing-packages.mjs";

type Packages = Record<string, object>;

/** A folder whose lock file names `locked`, where npm recorded `installed` and put it there. */
function setup(locked: Packages, installed: Packages): string {
  const root = mkdtempSync(join(tmpdir(), "stoa-tree-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const place of ["node_modules", ...Object.keys(installed)]) mkdirSync(join(root, place), { recursive: true });
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...locked } }));
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  return root;
}

const here = { os: [process.platform], cpu: [process.arch], optional: true, version: "1.0.0" };

test("a tree that holds what the lock file names misses nothing", () => {
  const packages = { "node_modules/viem": { version: "2.57.1", integrity: "sha512-a" } };
  expect(missingPackages(setup(packages, packages))).toEqual([]);
});

test("a package of another version, other content, or removed by hand is missing", () => {
  const wanted = { version: "2.0.0", integrity: "sha512-a" };
  const locked = { "node_modules/a": wanted, "node_modules/b": wanted, "node_modules/c": wanted };
  const root = setup(locked, {
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
    "node_modules/c": wanted,
  });
  rmSync(join(root, "node_modules/c"), { recursive: true });
  expect(missingPackages(root)).toEqual(["node_modules/a", "node_modules/b", "node_modules/c"]);
});

test("this platform's build is missed, another platform's is not", () => {
  const locked = {
    "node_modules/tool-here": here,
    "node_modules/tool-elsewhere": { ...here, cpu: ["imaginary"] },
    "node_modules/tool-not-here": { ...here, os: [`!${process.platform}`] },
    "node_modules/below-another-platform": { version: "1.0.0", optional: true },
  };
  expect(missingPackages(setup(locked, {}))).toEqual(["node_modules/tool-here"]);
});

test("where nothing was ever installed everything is missing", () => {
  const root = setup({ "node_modules/viem": { version: "2.57.1" } }, {});
  rmSync(join(root, "node_modules"), { recursive: true });
  expect(missingPackages(root)).toEqual(["node_modules/viem"]);
});
