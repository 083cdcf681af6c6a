import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { agentModule, assemble } from "../hostile/assemble.ts";

const require = createRequire(import.meta.url);

/** Modules of other people's, as their packages bring them: none is an agent, and parsers meet all they have. */
const FOREIGN = [
  "@chainsafe/as-sha256/build/optimized.wasm",
  "@chainsafe/as-sha256/build/optimized.simd.wasm",
  "@chainsafe/as-chacha20poly1305/build/optimized.wasm",
  "@jitl/quickjs-wasmfile-release-sync/wasm",
];

const AGENTS = [
  agentModule(""),
  agentModule("(loop $on (br_if $on (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))"),
  agentModule(
    "(call $f)",
    `(table $t 3 funcref) (table $u 2 100 externref) (elem (i32.const 0) $f) (global $g (mut i64) (i64.const 7))
     (func $f (local i32 i64 f32 f64) (call_indirect (i32.const 0))) (data (i32.const 8) "some data") (start $f)`,
  ),
  agentModule(
    "(drop (call $many (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4)))",
    `(func $many (param i32 i64 f32 f64) (result i32) (block (result i32) (br_table 0 0 0 (i32.const 1) (local.get 0))))
     (data $d "passive") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d))`,
    '(memory (export "memory") 1 16)',
  ),
  `(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "_start") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0)))))`,
];

function read(path: string): Uint8Array | undefined {
  try {
    return readFileSync(require.resolve(path));
  } catch {
    // Its package lets nobody resolve what it does not name; its folder does.
    const [scope, name, ...rest] = path.split("/");
    const folder = new URL(`../../../../node_modules/${scope}/${name}/`, import.meta.url);
    return readFileSync(new URL(rest.join("/"), folder));
  }
}

/** Whole modules to alter: agents, and the small ones of others more often than the large. */
export function wholeModules(): { agents: Uint8Array[]; foreign: Uint8Array[] } {
  return { agents: AGENTS.map(assemble), foreign: FOREIGN.flatMap((path) => read(path) ?? []) };
}
