import { join } from "node:path";
import { findArrowProblems } from "./arrows.ts";
import { findCycles } from "./cycles.ts";
import { findDependencyProblems } from "./dependencies.ts";
import { findNameProblems } from "./names.ts";
import { runTool } from "./run-tool.ts";

export interface Check {
  name: string;
  /** What holds when it passes. */
  promise: string;
  /** What is wrong, each with its place; empty when nothing is. */
  find: () => Promise<string[]>;
}

const root = join(import.meta.dirname, "../..");
const tool =
  (path: string, ...args: string[]) =>
  () =>
    runTool(root, path, args);

export const checks: readonly Check[] = [
  {
    name: "lint",
    promise: "no lint finding",
    find: tool("node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", "--format=unix"),
  },
  {
    name: "format",
    promise: "formatted; `npm run format` mends it",
    find: tool("node_modules/oxfmt/bin/oxfmt", "--list-different"),
  },
  {
    name: "types",
    promise: "no type error",
    find: async () => {
      const projects = ["tsconfig.json", "scripts/run/tsconfig.json"];
      const found = projects.map((project) => runTool(root, "node_modules/typescript/bin/tsc", ["-p", project]));
      return (await Promise.all(found)).flat();
    },
  },
  {
    name: "arrows",
    promise: "every import follows the architecture's arrows",
    find: async () => findArrowProblems(root),
  },
  { name: "cycles", promise: "no files import each other in a circle at run time", find: async () => findCycles(root) },
  {
    name: "dependencies",
    promise: "every package used is declared, every version exact",
    find: async () => findDependencyProblems(root),
  },
  { name: "names", promise: "folders and files are named by their subject", find: async () => findNameProblems(root) },
  {
    name: "docs",
    promise: "generated pages match the code; `npm run docs` mends them",
    find: tool("scripts/docs.ts", "--check"),
  },
  {
    name: "solidity",
    promise: "no finding in the Solidity",
    find: tool(
      "node_modules/solhint/solhint.js",
      "--disc",
      "--noPoster",
      "--formatter=unix",
      "--max-warnings=0",
      "--config=contracts/.solhintrc.yaml",
      "contracts/src/**/*.sol",
    ),
  },
  {
    name: "bindings",
    promise: "every chain takes the contracts, and their modules match them; `npm run build contracts` mends these",
    find: tool("contracts/scripts/compile.ts", "--check"),
  },
  { name: "lock", promise: "package-lock.json serves every platform", find: tool("scripts/lock.ts", "--check") },
];
