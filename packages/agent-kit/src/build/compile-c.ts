import { fileURLToPath } from "node:url";
import { runCompiler } from "./run-compiler.ts";

const HEADERS = fileURLToPath(new URL("../../include", import.meta.url));
const FLAGS = ["--target=wasm32", "-std=c11", "-O2", "-ffreestanding", "-nostdlib", "-Wall", "-Wextra", "-Werror"];
const LINK = ["-Wl,--no-entry", "-Wl,--export=run", "-Wl,--strip-all"];

/**
 * Compiles C to a module, without a standard library and with `stoa.h` to include; `CC` names another compiler than
 * `clang`.
 * @param entry the file that defines `run`
 * @throws {StoaError} `build_failed` with what the compiler said, or what to install
 */
export function compileC(entry: string): Promise<Uint8Array> {
  return runCompiler({
    name: "clang",
    program: process.env["CC"] ?? "clang",
    args: (target) => [...FLAGS, `-I${HEADERS}`, ...LINK, "-o", target, entry],
    install: "Install Clang and LLVM's linker, on Debian with `apt install clang lld`, on macOS with `brew install llvm lld`.",
  });
}
