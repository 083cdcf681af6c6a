import { runForge } from "./run-forge.ts";

/**
 * Says which lines and branches of `src/` the contracts' tests run: `forge-coverage.ts [forge coverage's own
 * arguments]`, such as `--match-contract Escrow`, or `--report lcov` for each line.
 */
async function main(args: readonly string[]): Promise<number> {
  // Without the optimizer, gas is another: what a test measures is not looked at here.
  const env = { FORGE_SNAPSHOT_CHECK: "false", FORGE_SNAPSHOT_EMIT: "false" };
  const { code } = await runForge(["coverage", "--no-match-coverage", "contracts/test|node_modules", ...args], { env });
  return code;
}

process.exitCode = await main(process.argv.slice(2));
