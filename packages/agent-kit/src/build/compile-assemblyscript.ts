import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cwd } from "node:process";
import { runCompiler } from "./run-compiler.ts";

/**
 * Compiles AssemblyScript to a module, in a process of its own.
 * @param entry the file that exports `run`, from the folder: the module names its sources by paths from there
 * @throws {StoaError} `build_failed` with what the compiler said
 */
export function compileAssemblyScript(entry: string, folder = cwd()): Promise<Uint8Array> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
  return runCompiler({
    name: "asc",
    program: process.execPath,
    args: (target) => [compiler, entry, "--outFile", target, "--optimizeLevel", "3", "--runtime", "stub"],
    install: "",
    folder,
  });
}
