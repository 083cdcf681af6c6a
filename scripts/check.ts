// Everything about the code that can be judged without running it: `npm run check [-- NAME …]`.
import { styleText } from "node:util";
import { checks } from "./check/checks.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(", ")}; there are ${checks.map((check) => check.name).join(", ")}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const check of checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const startedAt = performance.now();
  const problems = await check.find();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (problems.length === 0) passed += 1;
  else failed += 1;
  const mark = problems.length === 0 ? styleText("green", "✓") : styleText("red", "✗");
  console.log(`${mark} ${check.name.padEnd(13)} ${check.promise} (${seconds} s)`);
  for (const problem of problems) console.log(problem.replace(/^(?=.)/gm, "    "));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
