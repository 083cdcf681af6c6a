import { StoaError } from "@stoa/protocol";
import { runCompiler } from "./run-compiler.ts";

const TARGET = "wasm32-unknown-unknown";
const INSTALL = `Install Rust with its WebAssembly target: \`rustup target add ${TARGET}\`, or on Debian \`apt install rustc libstd-rust-dev-wasm32\`.`;

/**
 * Compiles a Rust library without crates to a module; `RUSTC` names another compiler than `rustc`.
 * @param entry its `lib.rs`
 * @throws {StoaError} `build_failed` with what the compiler said, or what to install
 */
export async function compileRust(entry: string): Promise<Uint8Array> {
  const flags = ["--edition=2021", "--crate-type=cdylib", "--crate-name=agent", "-Copt-level=s", "-Cpanic=abort"];
  try {
    return await runCompiler({
      name: "rustc",
      program: process.env["RUSTC"] ?? "rustc",
      args: (target) => [`--target=${TARGET}`, ...flags, "-Cstrip=symbols", "-o", target, entry],
      install: INSTALL,
    });
  } catch (error) {
    const isTargetMissing = error instanceof StoaError && /E0463|can't find crate for `(core|std)`/.test(error.message);
    if (!isTargetMissing) throw error;
    throw new StoaError("build_failed", `this Rust has no ${TARGET}. ${INSTALL}`, { cause: error });
  }
}
