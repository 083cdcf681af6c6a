// The one entrance behind every npm script. Plain JavaScript on purpose: it runs on whatever Node ≥ 20 the
// host has, brings Node 24 and the dependencies, then hands over to a TypeScript script under Node 24.
//
//   node scripts/run.mjs scripts/start.ts --once
import { resolve } from "node:path";
import { ensureDependencies } from "./run/ensure-dependencies.mjs";
import { ensureNode } from "./run/ensure-node.mjs";
import { launch } from "./run/launch.mjs";
import { SetupError } from "./run/setup-error.mjs";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");

try {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    throw new SetupError("no script named", "usage: node scripts/run.mjs SCRIPT.ts [ARGUMENTS]", 2);
  }
  const node = await ensureNode(root);
  await ensureDependencies(root, node);
  await launch(root, node, resolve(root, script), args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n  ${error.remedy}\n`);
  process.exitCode = error.exitCode;
}
