import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { repositoryRoot } from "./compile-sources.ts";
import { compilerSettings } from "./compiler-settings.ts";
import { forgeBinary } from "./forge-binary.ts";

export interface ForgeRun {
  code: number;
  /** What it printed, when that was asked for; empty when it went to the terminal. */
  stdout: string;
}

/** Runs forge on the contracts, with the compiler and the settings of everything else that is made of them. */
export async function runForge(
  args: readonly string[],
  { env = {}, isQuiet = false }: { env?: Readonly<Record<string, string>>; isQuiet?: boolean } = {},
): Promise<ForgeRun> {
  const forge = spawn(forgeBinary(), [...args, "--root", repositoryRoot], {
    cwd: repositoryRoot,
    stdio: ["inherit", isQuiet ? "pipe" : "inherit", "inherit"],
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
      ...env,
    },
  });
  const end = () => forge.kill();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    const [stdout, [code]] = await Promise.all([
      forge.stdout ? text(forge.stdout) : "",
      once(forge, "exit") as Promise<[number | null]>,
    ]);
    return { code: code ?? 1, stdout };
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
  }
}
