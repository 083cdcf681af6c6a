import { runForge } from "./run-forge.ts";

/**
 * Says which lines and branches of `src/` the contracts' tests run: `forge-coverage.ts [forge coverage's own
 * arguments]`, such as `--match-contract Escrow`, or `--report lcov` for each line.
 */
async function main(args: readonly string[]): Promise<number> {
  const env = {
    // What is compiled for this is slower and larger: gas is not looked at, and the tests' own build is left alone.
    FORGE_SNAPSHOT_CHECK: "false",
    FORGE_SNAPSHOT_EMIT: "false",
    FOUNDRY_CACHE_PATH: "contracts/cache/coverage",
    FOUNDRY_OUT: "contracts/cache/coverage/out",
  };
  const fixed = ["coverage", "--ir-minimum", "--no-match-coverage", "contracts/test|node_modules"];
  const { code } = await runForge([...fixed, ...args], { env });
  return code;
}

process.exitCode = await main(process.argv.slice(2));
