import { runForge } from "./run-forge.ts";

/**
 * Runs the contracts' tests: `forge-test.ts [forge test's own arguments]`. Gas must match `snapshots/`;
 * with `--update-gas` it is written there instead.
 */
async function main(given: readonly string[]): Promise<number> {
  const args = given.filter((argument) => argument !== "--update-gas");
  const updates = args.length < given.length;
  // A run of some tests would not see the others' gas.
  const whole = args.length === 0;
  const env = { FORGE_SNAPSHOT_CHECK: String(whole && !updates), FORGE_SNAPSHOT_EMIT: String(updates) };
  const { code } = await runForge(["test", ...args], { env });
  return code;
}

process.exitCode = await main(process.argv.slice(2));
