import { byJs, byWasm } from "./agent-attack.ts";
import { agentModule } from "./assemble.ts";
import type { Family } from "./attack.ts";

const timeout = ["timeout"] as const;
const crashed = ["crashed"] as const;
/** `body` as what `run` does. */
const runs = (body: string) => `export function run(input, ctx) { ${body} }`;

const inJs = [
  ["a loop", runs("for (;;);"), timeout],
  ["a loop while the module is loaded", "for (;;); export const run = () => 1;", timeout],
  ["a loop that awaits", "export async function run() { for (;;) await null; }", timeout],
  [
    "a job that queues the next for ever",
    runs("const again = () => { Promise.resolve().then(again); }; again(); return new Promise(() => {});"),
    timeout,
  ],
  [
    "a loop that nothing thrown leaves",
    runs("for (;;) try { null.x; } catch { continue; } finally { continue; }"),
    timeout,
  ],
  ["a loop in the getter of a then", runs("return { get then() { for (;;); } };"), timeout],
  [
    "a promise that resolves to itself by a then",
    runs("const again = { then(done) { done(again); } }; return again;"),
    timeout,
  ],
  ["a loop in the toJSON of its output", runs("return { toJSON() { for (;;); } };"), timeout],
  ["a loop in a proxy around its output", runs("return new Proxy({}, { ownKeys() { for (;;); } });"), timeout],
  [
    "a loop in the text of what it throws",
    runs("throw { get message() { for (;;); }, get name() { for (;;); } };"),
    ["timeout", "crashed"],
  ],
  ["a loop in what it logs", runs("ctx.log({ toJSON() { for (;;); } });"), timeout],
  ["an iterator without end", runs("return [...{ *[Symbol.iterator]() { for (;;) yield* []; } }];"), timeout],
  [
    "a generator that does not return",
    runs("function* held() { try { yield 1; } finally { for (;;); } } for (const _ of held()) break;"),
    timeout,
  ],
  [
    "a sort whose order never settles",
    runs("for (;;) Array.from({ length: 1e4 }, (_, i) => i).sort(() => Math.random() - 0.5);"),
    timeout,
  ],
  ["a regular expression that backtracks exponentially", runs("return /^(a+)+$/.test('a'.repeat(50) + 'b');"), timeout],
  [
    "a regular expression that backtracks by alternatives",
    runs("return /^(a|a|aa)*$/.test('a'.repeat(60) + 'b');"),
    timeout,
  ],
  [
    "a regular expression that backtracks by its own groups",
    runs("return /^(?:(.*)(.*)(.*)(.*)(.*)(.*)\\1\\2\\3\\4\\5\\6x)$/.test('ab'.repeat(400));"),
    timeout,
  ],
  [
    "a regular expression that looks behind without end",
    runs(
      "return /(?<=^(a+)+)b$/.test('a'.repeat(50) + 'c'.repeat(3) + 'b') || /(?<=(a+a+)+c)b/.test('a'.repeat(60) + 'b');",
    ),
    ["timeout", { gives: false }],
  ],
  [
    "a number of a million digits to its own power",
    runs("let n = 3n; for (;;) n = n ** 3n % (2n ** 4000000n);"),
    ["timeout", "crashed", "memory_limit"],
  ],
  ["a number written out in decimal", runs("for (;;) (2n ** 1000000n).toString();"), timeout],
  ["a recursion", runs("const down = (n) => 1 + down(n + 1); return down(0);"), crashed],
  [
    "a recursion that catches its own end",
    runs("const down = () => { for (;;) try { down(); } catch {} }; down();"),
    timeout,
  ],
  ["a recursion by getters", runs("const a = { get b() { return this.b; } }; return a.b;"), crashed],
  [
    "a recursion by a proxy of itself",
    runs("const trap = {}; const proxy = new Proxy(trap, {}); Object.setPrototypeOf(trap, proxy); return proxy.x;"),
    ["crashed", "timeout"],
  ],
  [
    "a recursion by apply and bind",
    runs("let f = () => 1; for (let i = 0; i < 1e5; i += 1) f = f.bind(null); return f();"),
    ["crashed", "timeout", "memory_limit"],
  ],
  [
    "a recursion in JSON.stringify",
    runs("let a = []; for (let i = 0; i < 1e6; i += 1) a = [a]; return JSON.stringify(a);"),
    ["crashed", "memory_limit", "timeout"],
  ],
  [
    "a recursion in the parser of regular expressions",
    runs("return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('');"),
    crashed,
  ],
  [
    "a recursion in the parser of the language",
    `export const run = () => ${"(".repeat(200_000)}1${")".repeat(200_000)};`,
    crashed,
  ],
  [
    "a recursion in the parser of templates",
    `export const run = () => ${"`${".repeat(50_000)}1${"}`".repeat(50_000)};`,
    crashed,
  ],
  ["a recursion by eval", runs("globalThis.again = 'eval(again)'; return eval(again);"), crashed],
] as const;

const inWasm: [string, string, readonly ("timeout" | "crashed" | "memory_limit")[]][] = [
  ["a loop in WebAssembly", agentModule("(loop $on (br $on))"), timeout],
  ["a loop in its start function", agentModule("", "(func $begin (loop $on (br $on))) (start $begin)"), timeout],
  [
    "a loop by a table of branches",
    agentModule("(loop $on (block $out (br_table $on $on $on (i32.const 7))))"),
    timeout,
  ],
  ["a loop through calls of an import", agentModule("(loop $on (drop (call $input_length)) (br $on))"), timeout],
  ["a loop of tail calls", agentModule("(drop (call $on))", "(func $on (result i32) (return_call $on))"), timeout],
  ["a recursion in WebAssembly", agentModule("(call $down)", "(func $down (call $down) (call $down))"), crashed],
  [
    "a recursion through its table",
    agentModule(
      "(call $down)",
      "(table 1 funcref) (elem (i32.const 0) $down) (func $down (call_indirect (i32.const 0)) (call_indirect (i32.const 0)))",
    ),
    crashed,
  ],
  [
    "a recursion with frames of ten thousand locals",
    agentModule(
      "(drop (call $down (i64.const 1)))",
      `(func $down (param i64) (result i64) (local ${"i64 ".repeat(9_000)}) (local.set 8000 (local.get 0)) (i64.add (call $down (local.get 0)) (local.get 8000)))`,
    ),
    crashed,
  ],
  [
    "a recursion in its start function",
    agentModule("", "(func $begin (call $begin) (call $begin)) (start $begin)"),
    crashed,
  ],
  [
    "copies of all its memory for ever",
    agentModule(
      "(loop $on (memory.copy (i32.const 0) (i32.const 1) (i32.const 1000000)) (br $on))",
      "",
      '(memory (export "memory") 16)',
    ),
    timeout,
  ],
];

/** Agents that do not end by themselves. */
export const endless: Family = {
  name: "endless work",
  attacks: [
    ...inJs.map(([name, source, ends]) => byJs({ name, source, ends: [...ends] })),
    ...inWasm.map(([name, source, ends]) => byWasm({ name, source, ends: [...ends] })),
  ],
};
