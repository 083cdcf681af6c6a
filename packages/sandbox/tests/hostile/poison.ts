import { type AgentAttack, byJs, byWasm } from "./agent-attack.ts";
import { agentModule } from "./assemble.ts";
import type { Family } from "./attack.ts";

/** Each poisons its process in the first execution and looks in the second; both must give the same. */
const TWICE = [null, null];
const js = (name: string, source: string, ends: AgentAttack["ends"] = [{ gives: "clean" }]) =>
  byJs({ name: `${name}, left for the next execution`, source, ends, inputs: TWICE });
const wasm = (name: string, run: string, more = "") =>
  byWasm({
    name: `${name}, left for the next execution`,
    source: agentModule(
      `(if (i32.eqz ${run}) (then (call $output_write (i32.const 100) (i32.const 7))) (else (call $output_write (i32.const 110) (i32.const 8))))`,
      `(data (i32.const 100) "\\22clean\\22") (data (i32.const 110) "\\22poison\\22") ${more}`,
    ),
    ends: [{ gives: "clean" }],
    inputs: TWICE,
  });

/** Agents that try to live on in a process that is kept warm. */
export const poison: Family = {
  name: "a poisoned warm process",
  attacks: [
    js(
      "a global",
      "const was = globalThis.mark; globalThis.mark = 1; export const run = () => was ? 'poison' : 'clean';",
    ),
    js("a counter in the module", "let runs = 0; export const run = () => (runs += 1) > 1 ? 'poison' : 'clean';"),
    js(
      "a changed prototype",
      "const was = [].mark; Array.prototype.mark = 1; export const run = () => was ? 'poison' : 'clean';",
    ),
    js("a changed JSON", "const was = JSON.mark; JSON.mark = 1; export const run = () => was ? 'poison' : 'clean';"),
    js(
      "a replaced promise",
      "const was = Promise.mark; Promise.mark = 1; Promise.prototype.then = () => {}; export const run = () => was ? 'poison' : 'clean';",
      [{ gives: "clean" }, "crashed"],
    ),
    js(
      "jobs that are still queued",
      "export const run = () => { const on = (n) => { globalThis.mark = n; if (n < 1e4) Promise.resolve().then(() => on(n + 1)); }; const was = globalThis.mark; on(1); return was ? 'poison' : 'clean'; };",
    ),
    js(
      "a registered symbol",
      "const s = Symbol.for('mark'); const was = s in globalThis; globalThis[s] = 1; export const run = () => was ? 'poison' : 'clean';",
    ),
    js(
      "a console of its own",
      "const was = console.mark; try { globalThis.console = { mark: 1, log() {} }; } catch {} export const run = () => was ? 'poison' : 'clean';",
    ),
    js(
      "a finalizer",
      "const was = globalThis.mark; new FinalizationRegistry(() => { globalThis.mark = 1; }).register({}, 0); export const run = () => was ? 'poison' : 'clean';",
    ),
    js(
      "memory that was full",
      "export const run = () => { const kept = []; try { for (let i = 0; i < 150; i += 1) kept.push(new Uint8Array(1 << 16).fill(1)); } catch { return 'poison'; } return 'clean'; };",
    ),
    wasm("a byte of memory", "(i32.load (i32.const 0)) (i32.store (i32.const 0) (i32.const 1))"),
    wasm(
      "a global in WebAssembly",
      "(global.get $g) (global.set $g (i32.const 1))",
      "(global $g (mut i32) (i32.const 0))",
    ),
    wasm("grown memory", "(i32.sub (memory.size) (i32.const 1)) (drop (memory.grow (i32.const 1)))"),
    wasm(
      "a grown table",
      "(i32.sub (table.size $t) (i32.const 1)) (drop (table.grow $t (ref.null func) (i32.const 1)))",
      "(table $t 1 funcref)",
    ),
    wasm(
      "a changed table",
      "(i32.eqz (ref.is_null (table.get $t (i32.const 0)))) (table.set $t (i32.const 0) (ref.func $f))",
      "(table $t 1 funcref) (func $f) (elem declare func $f)",
    ),
    wasm(
      "a dropped segment",
      "(block (result i32) (memory.init $s (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $s) (i32.const 0))",
      '(data $s "x")',
    ),
    wasm(
      "a reply of a call",
      "(block (result i32) (call $reply_read (i32.const 0)) (i32.load8_u (i32.const 0))) (drop (call $call (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1)))",
    ),
  ],
};
