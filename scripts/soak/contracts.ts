// A million random calls against each of the contracts' invariants; `-- --calls N --seed S` for others.
//
// The fuzz tests run along, each with a tenth as many inputs. A rule that breaks is printed with the shortest sequence
// of calls that breaks it; the seed, which moves on with every stretch of calls, finds it again.
import { parseArgs } from "node:util";
import { runForge } from "../../contracts/scripts/run-forge.ts";

/** Calls in one history of a contract. */
const DEPTH = 100;
/** Calls between two words of progress. */
const STRETCH = 20_000;
const FUZZ_SHARE = 10;
/** Invariants by their name, and the tests that take inputs. */
const RANDOM_TESTS = String.raw`^invariant_|\([a-z]`;
const PASSED = /^\[PASS\] (?<name>\w+)\(.*\) \(runs: (?<runs>\d+), (?:calls: (?<calls>\d+))?/gm;

const { values } = parseArgs({
  options: { calls: { type: "string", default: "1000000" }, seed: { type: "string", default: String(Date.now()) } },
});
const calls = Number(values.calls);
const seed = Number(values.seed) >>> 0;
if (!Number.isSafeInteger(calls) || calls < DEPTH) {
  console.error(`--calls must be a whole number from ${DEPTH} on, got ${values.calls}`);
  process.exit(2);
}
console.log(`${calls} calls for each invariant, seed ${seed}`);

const done = new Map<string, number>();
const started = performance.now();
for (let at = 0, stretch = 0; at < calls; at += STRETCH, stretch += 1) {
  const size = Math.min(STRETCH, calls - at);
  const { code, stdout } = await runForge(
    ["test", "--match-test", RANDOM_TESTS, "--fuzz-seed", String(seed + stretch)],
    {
      isQuiet: true,
      env: {
        FOUNDRY_INVARIANT_RUNS: String(Math.ceil(size / DEPTH)),
        FOUNDRY_INVARIANT_DEPTH: String(DEPTH),
        FOUNDRY_INVARIANT_SHOW_METRICS: "false",
        FOUNDRY_FUZZ_RUNS: String(Math.ceil(size / FUZZ_SHARE)),
      },
    },
  );
  if (code !== 0) {
    console.error(`${stdout}\n✗ broken with seed ${seed + stretch}`);
    process.exit(1);
  }
  for (const { groups } of stdout.matchAll(PASSED)) {
    const { name, runs, calls: made } = groups as { name: string; runs: string; calls?: string };
    done.set(name, (done.get(name) ?? 0) + Number(made ?? runs));
  }
  console.log(`${at + size} calls, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
}

const invariants = [...done].filter(([name]) => name.startsWith("invariant_"));
const fuzzed = [...done].filter(([name]) => !name.startsWith("invariant_"));
if (invariants.length === 0 || fuzzed.length === 0) throw new Error("forge ran none: its words have changed");
for (const [name, count] of [...invariants, ...fuzzed]) {
  console.log(`✓ ${name.replace(/^(invariant|testFuzz|test)_/, "").replaceAll("_", " ")}: ${count}`);
}
const sum = (of: readonly [string, number][]) => of.reduce((total, [, count]) => total + count, 0);
console.log(
  `${sum(invariants)} calls over ${invariants.length} invariants, ${sum(fuzzed)} inputs over ${fuzzed.length} fuzz tests, none broken`,
);
