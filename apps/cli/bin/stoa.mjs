#!/usr/bin/env node
// The stoa command out of a clone. Plain JavaScript on purpose: an older Node starts it, and Node 24 goes on.
import { existsSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const isNode24 = Number(process.versions.node.split(".")[0]) === 24;

if (isNode24 && existsSync(new URL("node_modules/commander", root))) {
  await import(new URL("run.mjs", import.meta.url).href);
} else {
  // Brings Node 24 and the dependencies, and runs the same command with them.
  const { runScript } = await import(new URL("scripts/run/run-script.mjs", root).href);
  await runScript("apps/cli/bin/run.mjs", process.argv.slice(2));
}
