import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "./compile-sources.ts";
import { runForge } from "./run-forge.ts";

const FOLDER = "contracts/cache/coverage";
const TRACE = `${FOLDER}/lcov.info`;
/** A line, a branch or a function that no test ran, as lcov writes it. */
const MISSED = /^(?:DA:(?<line>\d+),0|BRDA:(?<branch>\d+),.*,(?:0|-)|FNDA:0,(?<name>.+))$/;

/**
 * Says how much of `src/` the contracts' tests run, and names what they do not: `npm run coverage -- [forge coverage's
 * own arguments]`. Ends with 1 when anything is missed.
 */
async function main(args: readonly string[]): Promise<number> {
  const env = {
    // The optimizer would move lines together. Without it gas is another and nobody looks at it, and random tests are
    // slow: a few inputs reach every line. The tests' own build is left alone.
    FORGE_SNAPSHOT_CHECK: "false",
    FORGE_SNAPSHOT_EMIT: "false",
    FOUNDRY_CACHE_PATH: FOLDER,
    FOUNDRY_OUT: `${FOLDER}/out`,
    FOUNDRY_INVARIANT_RUNS: "8",
    FOUNDRY_FUZZ_RUNS: "64",
  };
  await mkdir(join(repositoryRoot, FOLDER), { recursive: true });
  const reports = ["--report", "summary", "--report", "lcov", "--report-file", TRACE];
  const ours = ["--no-match-coverage", "contracts/test|node_modules"];
  const { code } = await runForge(["coverage", ...ours, ...reports, ...args], { env });
  if (code !== 0) return code;
  const missed = missedIn(await readFile(join(repositoryRoot, TRACE), "utf8"));
  for (const what of missed) console.log(`✗ ${what}`);
  if (missed.length === 0) console.log("✓ every line, branch and function is run");
  return missed.length === 0 ? 0 : 1;
}

function missedIn(trace: string): string[] {
  let file = "";
  return trace.split("\n").flatMap((row) => {
    if (row.startsWith("SF:")) file = row.slice(3);
    const groups = MISSED.exec(row)?.groups;
    if (!groups) return [];
    const { line, branch, name } = groups;
    if (name) return [`${file}: ${name} is never called`];
    return [`${file}:${line ?? branch} ${line ? "is never run" : "never takes one of its ways"}`];
  });
}

process.exitCode = await main(process.argv.slice(2));
