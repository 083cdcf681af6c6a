import { fileURLToPath } from "node:url";
import { runCompiler } from "./run-compiler.ts";

const HEADERS = fileURLToPath(new URL("../../include", import.meta.url));
const FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wl,--strip-all"];
const FREESTANDING = ["--target=wasm32", "-ffreestanding", "-nostdlib", "-Wl,--no-entry", "-Wl,--export=run"];

export interface CompileC {
  /** Makes a WASI program, with WASI's C library; `entry` then defines `main`. */
  library?: boolean;
}

/**
 * Compiles C to a module, by default without a standard library, and with `stoa.h` to include; `CC` names another
 * compiler than `clang`.
 * @param entry the file that defines `run`
 * @throws {StoaError} `build_failed` with what the compiler said, or what to install
 */
export function compileC(entry: string, { library = false }: CompileC = {}): Promise<Uint8Array> {
  return runCompiler({
    name: "clang",
    program: process.env["CC"] ?? "clang",
    args: (target) => [...(library ? ["--target=wasm32-wasi"] : FREESTANDING), ...FLAGS, `-I${HEADERS}`, "-o", target, entry],
    install: "Install Clang and LLVM's linker, on Debian with `apt install clang lld`, on macOS with `brew install llvm lld`.",
  });
}
