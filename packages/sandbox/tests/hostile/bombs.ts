import { type Ending, byJs, byWasm } from "./agent-attack.ts";
import { agentModule } from "./assemble.ts";
import type { Family } from "./attack.ts";

const full: Ending[] = ["memory_limit"];
/** What an engine says of one value that is too large differs; no value is. */
const refused: Ending[] = ["memory_limit", "crashed"];
const runs = (body: string) => `export function run(input, ctx) { ${body} }`;

const inJs: [string, string, Ending[]][] = [
  ["buffers without end", runs("const kept = []; for (;;) kept.push(new Uint8Array(1 << 16).fill(1));"), full],
  ["one buffer of two gigabytes", runs("return new ArrayBuffer(2 ** 31 - 1).byteLength;"), refused],
  [
    "a buffer that grows",
    runs(
      "const b = new ArrayBuffer(1, { maxByteLength: 2 ** 31 - 1 }); b.resize(2 ** 31 - 1); return new Uint8Array(b).fill(1).length;",
    ),
    refused,
  ],
  ["a text that doubles", runs("let a = 'x'; for (;;) a += a;"), refused],
  ["a text padded to half a gigabyte", runs("return 'x'.padEnd(2 ** 29, 'abc').length;"), refused],
  [
    "a replacement that squares its text",
    runs("let a = 'x'.repeat(1e4); for (;;) a = a.replace(/x/g, '$`$&');"),
    refused,
  ],
  ["an array joined by long texts", runs("return new Array(1e6).join('x'.repeat(1e4)).length;"), refused],
  ["an array filled to its greatest length", runs("return new Array(2 ** 32 - 1).fill(0).length;"), refused],
  ["arguments without end", runs("return Math.max(...new Array(1e8).fill(1));"), refused],
  ["a tree of objects", runs("let all = {}; for (;;) all = { left: all, right: {} };"), refused],
  ["a map without end", runs("const all = new Map(); for (let i = 0; ; i += 1) all.set(i, i);"), refused],
  [
    "symbols that are registered for ever",
    runs("for (let i = 0; ; i += 1) Symbol.for('s' + i);"),
    ["memory_limit", "timeout"],
  ],
  ["properties without end on the global object", runs("for (let i = 0; ; i += 1) globalThis['p' + i] = i;"), full],
  [
    "promises that wait for ever",
    runs("const kept = []; for (;;) kept.push(new Promise(() => {}).then(() => kept));"),
    full,
  ],
  [
    "jobs that each queue two",
    runs(
      "const two = () => { Promise.resolve().then(two); Promise.resolve().then(two); }; two(); return new Promise(() => {});",
    ),
    ["timeout", "memory_limit"],
  ],
  ["closures around closures", runs("let f = () => 0; for (;;) { const g = f; f = () => g; }"), refused],
  [
    "numbers of a million digits",
    runs("const kept = []; for (;;) kept.push(2n ** 1000000n + BigInt(kept.length));"),
    refused,
  ],
  [
    "functions compiled without end",
    runs("const kept = []; for (let i = 0; ; i += 1) kept.push(new Function('return ' + i));"),
    full,
  ],
  [
    "an output that unfolds from little",
    runs("let a = 'x'.repeat(1000); for (let i = 0; i < 20; i += 1) a = [a, a]; return a;"),
    ["memory_limit", "bad_output", "crashed"],
  ],
  [
    "garbage in cycles, as fast as it can",
    runs("for (;;) { let a = {}; for (let i = 0; i < 1e4; i += 1) { const b = { a }; a.b = b; a = b; } }"),
    ["timeout", "memory_limit", "crashed"],
  ],
  [
    "a chain a million long to be freed at once",
    runs("for (;;) { let a = null; for (let i = 0; i < 1e5; i += 1) a = { a }; a = null; }"),
    ["timeout", "memory_limit", "crashed"],
  ],
  [
    "finalizers that make more of themselves",
    runs(
      "const registry = new FinalizationRegistry(() => make()); const make = () => { registry.register({}, 0); registry.register({}, 0); }; make(); for (;;) make();",
    ),
    ["timeout", "memory_limit", "crashed"],
  ],
  [
    "memory taken again whenever it is refused",
    runs("for (;;) try { const kept = []; for (;;) kept.push(new Array(1e4).fill(1)); } catch {}"),
    ["timeout"],
  ],
];

const grow = "(loop $on (br_if $on (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))";
const inWasm: [string, string, Ending[]][] = [
  ["pages until there are no more", agentModule(`${grow} (unreachable)`), full],
  [
    "pages in its start function",
    agentModule("(unreachable)", `(func $begin ${grow} (unreachable)) (start $begin)`),
    ["memory_limit", "crashed"],
  ],
  [
    "four gigabytes in one step",
    agentModule("(drop (memory.grow (i32.const 65535))) (i32.store (i32.const 0x7fff0000) (i32.const 1))"),
    ["crashed"],
  ],
  [
    "every page written, again and again",
    agentModule(
      `${grow} (loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.shl (memory.size) (i32.const 16))) (br $again))`,
    ),
    ["timeout"],
  ],
  [
    "a table that grows",
    agentModule(
      "(loop $on (br_if $on (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1)))) (unreachable)",
      "(table $t 1 funcref)",
    ),
    ["crashed"],
  ],
  [
    "eight tables that grow, and are filled for ever",
    agentModule(
      `${Array.from({ length: 8 }, (_, i) => `(drop (table.grow $t${i} (ref.null func) (i32.const 65535)))`).join("")} (loop $on (table.fill $t0 (i32.const 0) (ref.func $f) (i32.const 60000)) (br $on))`,
      `${Array.from({ length: 8 }, (_, i) => `(table $t${i} 1 funcref)`).join("")} (func $f) (elem declare func $f)`,
    ),
    ["timeout"],
  ],
  [
    "outputs of nothing, without end",
    agentModule("(loop $on (call $output_write (i32.const 0) (i32.const 0)) (br $on))"),
    ["timeout"],
  ],
  ["data that is written past its memory", agentModule("", '(data (i32.const 65530) "too long for it")'), ["crashed"]],
  [
    "elements that are written past its table",
    agentModule("", "(table 1 funcref) (func $f) (elem (i32.const 5) $f)"),
    ["crashed"],
  ],
];

/** Agents that take memory until somebody has none. */
export const bombs: Family = {
  name: "memory, table and garbage bombs",
  attacks: [
    ...inJs.map(([name, source, ends]) => byJs({ name, source, ends })),
    ...inWasm.map(([name, source, ends]) => byWasm({ name, source, ends })),
  ],
};
