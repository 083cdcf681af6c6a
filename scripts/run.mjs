// The one entrance behind every npm script. Plain JavaScript on purpose: it runs on whatever Node ≥ 20 the host has.
//
//   node scripts/run.mjs scripts/start.ts --once
import { runScript } from "./run/run-script.mjs";

const [script, ...args] = process.argv.slice(2);
await runScript(script, args);
