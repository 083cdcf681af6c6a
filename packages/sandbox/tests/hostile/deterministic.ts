import { FUEL_EXPORT } from "../../src/frames/metering.ts";
import { type AgentAttack, byJs, byWasi, byWasm, bySmuggling } from "./agent-attack.ts";
import { agentModule, assemble } from "./assemble.ts";
import type { Family } from "./attack.ts";

/** Enough to begin with every attack, and used up long before the time is. */
const FUEL = 20_000_000;
const limits = { fuel: FUEL };
const starved = ["fuel_limit"] as const;
const runs = (body: string) => `export function run(input, ctx) { ${body} }`;
type Plain = readonly [name: string, source: string, ends: AgentAttack["ends"]];
const attackOf = ([name, source, ends]: Plain): AgentAttack => ({ name, source, ends, limits });

const inJs: readonly Plain[] = [
  ["a loop that has only fuel to end it", runs("for (;;);"), starved],
  ["a loop that catches what ends it", runs("for (;;) try { for (;;); } catch {} finally { continue; }"), starved],
  [
    "work that is hidden in the interpreter's own code",
    runs("let text = 'x'; for (;;) text = (text + text).slice(0, 1e5).split('').reverse().join('');"),
    starved,
  ],
  ["a regular expression of one instruction", runs("return /^(a+)+$/.test('a'.repeat(50) + 'b');"), starved],
  [
    "a clock read in every way there is",
    runs("return [Date.now(), +new Date(), Date(), typeof performance === 'object' ? performance.now() : 0];"),
    [{ gives: [0, 0, "Thu Jan 01 1970 00:00:00 GMT+0000", 0] }],
  ],
  [
    "a clock made of a loop between two looks at the time",
    runs("let n = 0; for (const at = Date.now(); Date.now() === at; n += 1); return n;"),
    starved,
  ],
  [
    "a clock in another realm, got from a function's constructor",
    runs("try { return [].map.constructor('return Date.now()')(); } catch (error) { return error.name; }"),
    [{ gives: 0 }],
  ],
  [
    "a look at when memory is collected",
    runs(`let ended = 0;
      const registry = typeof FinalizationRegistry === 'function' ? new FinalizationRegistry(() => { ended += 1; }) : null;
      for (let n = 0; n < 200; n += 1) registry?.register({ n, self: null }, n);
      return ended;`),
    [{ gives: 0 }],
  ],
  [
    "a grant asked for all the same",
    `export async function run(input, ctx) { try { await ctx.call("kv.get", { key: "a" }); } catch (e) { return e.message; } }`,
    [{ gives: "kv.get is not granted" }],
  ],
];

const inWasm: readonly Plain[] = [
  ["a module's loop that has only fuel to end it", agentModule("(loop $again (br $again))"), starved],
  [
    "large copies that are one instruction each",
    agentModule(
      "(loop $again (memory.copy (i32.const 0) (i32.const 8) (i32.const 8000000)) (br $again))",
      "",
      '(memory (export "memory") 128)',
    ),
    starved,
  ],
  [
    "memory that is grown by nothing for ever",
    agentModule("(loop $again (drop (memory.grow (i32.const 0))) (br $again))"),
    starved,
  ],
  ["calls to the host without end", agentModule("(loop $again (drop (call $input_length)) (br $again))"), starved],
  [
    "a log of nothing without end",
    agentModule("(loop $again (call $progress (i32.const 1) (i32.const 0) (i32.const 60000)) (br $again))"),
    ["fuel_limit", "crashed"],
  ],
  [
    "a jump table in a loop",
    agentModule(`(loop $again (block $a (block $b (br_table $a $b $again (i32.const 2)))) (br $again))`),
    starved,
  ],
  [
    "calls nested until the stack is at its end",
    agentModule(
      "(drop (call $down (i32.const 0)))",
      "(func $down (param i32) (result i32) (i32.add (local.get 0) (call $down (local.get 0))))",
    ),
    ["crashed"],
  ],
  [
    "calls nested through a table",
    agentModule(
      "(call_indirect (type $none) (i32.const 0))",
      "(type $none (func)) (table 1 funcref) (elem (i32.const 0) $down) (func $down (call_indirect (type $none) (i32.const 0)))",
    ),
    ["crashed"],
  ],
];

const inWasi: readonly Plain[] = [
  [
    "a sleep of a year",
    `(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (i64.store (i32.const 24) (i64.const 31536000000000000))
        (loop $again (drop (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (br $again))))`,
    starved,
  ],
  [
    "random bytes without end",
    `(module
      (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
      (memory (export "memory") 16)
      (func (export "_start") (loop $again (drop (call $random (i32.const 0) (i32.const 1000000))) (br $again))))`,
    starved,
  ],
];

/** Agents that are verified by running them again, and would use up more than they pay for, or not be the same again. */
export const deterministic: Family = {
  name: "deterministic agents",
  attacks: [
    ...inJs.map((attack) => byJs(attackOf(attack))),
    ...inWasm.map((attack) => byWasm(attackOf(attack))),
    ...inWasi.map((attack) => byWasi(attackOf(attack))),
    bySmuggling({
      name: "a module that has a fuel of its own",
      kind: "wasm",
      artifact: () =>
        assemble(agentModule("", `(global (export "${FUEL_EXPORT}") (mut i64) (i64.const 9000000000000))`)),
      says: /cannot be metered/,
      change: { limits: { memoryMb: 16, timeMs: 1_000, outputBytes: 100, logBytes: 100, fuel: FUEL } },
    }),
    bySmuggling({
      name: "a module with vectors, whose NaNs differ",
      kind: "wasm",
      artifact: () => assemble(agentModule("(drop (f32x4.add (v128.const i64x2 0 0) (v128.const i64x2 0 0)))")),
      says: /without SIMD/,
      change: { limits: { memoryMb: 16, timeMs: 1_000, outputBytes: 100, logBytes: 100, fuel: FUEL } },
    }),
  ],
};
