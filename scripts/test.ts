// Everything that is tested, in order: `npm test`. Words after `--` filter the test files, as vitest takes them:
//
//   npm test -- packages/core          the tests under packages/core
//   npm test -- --only contracts       one stage
//
// The last line is the sum over all stages: `N passed, N failed, N skipped`.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "./test/parse-args.ts";
import { stages } from "./test/stages.ts";
import { runStages } from "./test/run-stages.ts";

const root = join(import.meta.dirname, "..");
const { only, filters } = parseArgs(process.argv.slice(2));
const chosen = stages.filter((stage) =>
  only === undefined ? filters.length === 0 || stage.filtered : stage.name === only,
);
if (chosen.length === 0) {
  console.error(`no such stage: ${only}; there are ${stages.map((stage) => stage.name).join(", ")}`);
  process.exit(2);
}
if (filters.length > 0) console.log(`Only test files that match ${filters.join(" ")}; without words everything runs.`);

const sum = await runStages(chosen, { root, filters, runId: randomUUID() });
if (filters.length > 0 && sum.passed + sum.failed === 0) {
  console.error(`no test matches ${filters.join(" ")}`);
  process.exitCode = 1;
}
if (sum.failed > 0) process.exitCode = 1;
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
