// Completes package-lock.json: `node scripts/run.mjs scripts/lock.ts [--check]`, after every `npm install`.
//
// A registry mirror may carry a package's builds for some platforms only. npm then leaves the others out of the lock
// file, and `npm ci` refuses that lock file everywhere. Their names, versions and platforms are known without them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeLock } from "./lock/complete-lock.ts";
import type { Lock } from "./lock/complete-lock.ts";

const root = join(import.meta.dirname, "..");
const files = ["package-lock.json", "toolchain/package-lock.json"];
let incomplete = false;

for (const file of files) {
  const text = readFileSync(join(root, file), "utf8");
  const lock = JSON.parse(text) as Lock;
  const added = completeLock(lock);
  if (added.length === 0) continue;
  incomplete = true;
  console.log(`${file} lacks ${added.length} builds for other platforms: ${added.join(", ")}`);
  if (!process.argv.includes("--check")) writeFileSync(join(root, file), `${JSON.stringify(lock, null, 2)}\n`);
}
if (incomplete && process.argv.includes("--check")) {
  console.log("Run `node scripts/run.mjs scripts/lock.ts` and commit the result.");
  process.exitCode = 1;
}
