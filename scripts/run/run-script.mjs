import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runNode } from "./run-node.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a TypeScript file of the checkout under Node 24, which is brought where it is missing.
 * @param {string | undefined} script path from the repository's root
 * @param {readonly string[]} args
 */
export async function runScript(script, args) {
  await runNode(script === undefined ? [] : [resolve(root, script), ...args]);
}
