import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { repositoryRoot } from "./compile-sources.ts";
import { compilerSettings } from "./compiler-settings.ts";
import { forgeBinary } from "./forge-binary.ts";

/**
 * Runs the contracts' tests: `forge-test.ts [forge test's own arguments]`. Gas must match `snapshots/`;
 * with `--update-gas` it is written there instead.
 */
async function main(given: readonly string[]): Promise<number> {
  const args = given.filter((argument) => argument !== "--update-gas");
  const updates = args.length < given.length;
  // A run of some tests would not see the others' gas.
  const whole = args.length === 0;
  const forge = spawn(forgeBinary(), ["test", "--root", repositoryRoot, ...args], {
    cwd: repositoryRoot,
    stdio: "inherit",
    env: {
      ...process.env,
      // The compiler's wrapper is run by whatever `node` is first on the path: this one.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
      FOUNDRY_CONFIG: join(repositoryRoot, "contracts", "foundry.toml"),
      FOUNDRY_EVM_VERSION: compilerSettings.evmVersion,
      FOUNDRY_OPTIMIZER: String(compilerSettings.optimizer.enabled),
      FOUNDRY_OPTIMIZER_RUNS: String(compilerSettings.optimizer.runs),
      FOUNDRY_VIA_IR: String(compilerSettings.viaIR),
      FOUNDRY_DISABLE_NIGHTLY_WARNING: "1",
      FORGE_SNAPSHOT_CHECK: String(whole && !updates),
      FORGE_SNAPSHOT_EMIT: String(updates),
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => forge.kill(signal));
  const [code] = (await once(forge, "exit")) as [number | null];
  return code ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
