import { runForge } from "./run-forge.ts";

/**
 * Says which lines and branches of `src/` the contracts' tests run: `forge-coverage.ts [forge coverage's own
 * arguments]`, such as `--match-contract Escrow`, or `--report lcov` for each line.
 */
async function main(args: readonly string[]): Promise<number> {
  const env = {
    // The optimizer would move lines together. Without it gas is another and nobody looks at it, and random tests are
    // slow: a few inputs reach every line. The tests' own build is left alone.
    FORGE_SNAPSHOT_CHECK: "false",
    FORGE_SNAPSHOT_EMIT: "false",
    FOUNDRY_CACHE_PATH: "contracts/cache/coverage",
    FOUNDRY_OUT: "contracts/cache/coverage/out",
    FOUNDRY_INVARIANT_RUNS: "8",
    FOUNDRY_FUZZ_RUNS: "64",
  };
  const { code } = await runForge(["coverage", "--no-match-coverage", "contracts/test|node_modules", ...args], { env });
  return code;
}

process.exitCode = await main(process.argv.slice(2));
