import { hashBytes } from "@stoa/protocol";
import { writeU32 } from "../../src/admission/wasm-reader.ts";
import { bySmuggling, type Smuggled } from "./agent-attack.ts";
import { agentModule } from "./assemble.ts";
import type { Family } from "./attack.ts";

const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const section = (id: number, ...content: number[]) => [id, ...writeU32(content.length), ...content];
const MEMORY = '(memory (export "memory") 1)';

const written: [string, string, RegExp][] = [
  ["a memory of 64 bits", agentModule("", "", '(memory (export "memory") i64 1)'), /64-bit/],
  ["a memory it shares", agentModule("", "", '(memory (export "memory") 1 4 shared)'), /shared/],
  ["two memories", agentModule("", "(memory $second 1)"), /2 memories/],
  [
    "a memory larger than its manifest says",
    agentModule("", "", '(memory (export "memory") 4000)'),
    /starts with 4000 pages/,
  ],
  ["a table of a million entries", agentModule("", "(table 1000000 funcref)"), /starts with 1000000 entries/],
  ["nine tables", agentModule("", "(table 1 funcref)".repeat(9)), /9 tables/],
  ["structures", agentModule("", "(type $s (struct (field i32)))  (func (param (ref $s)))"), /not a plain function/],
  ["arrays", agentModule("", "(type $a (array (mut i64))) (func (param (ref $a)))"), /not a plain function/],
  [
    "types that refer to themselves",
    agentModule("", "(rec (type $r (func (param (ref $r)))) (type (func))) (func (param (ref $r)))"),
    /not a plain function|not allowed/,
  ],
  ["exceptions", agentModule("(try_table (throw $e))", "(tag $e)"), /section 13/],
  [
    "an import of WASI's",
    `(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /not allowed/,
  ],
  [
    "an import of the host's own",
    `(module (import "node:fs" "readFileSync" (func (param i32) (result externref))) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /not allowed/,
  ],
  [
    "an import objects inherit",
    `(module (import "stoa" "__proto__" (func)) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /not allowed/,
  ],
  [
    "an import with another signature",
    `(module (import "stoa" "log_write" (func (param i64 i64))) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /signature/,
  ],
  [
    "a memory of somebody else",
    `(module (import "env" "memory" (memory 1)) (export "memory" (memory 0)) (func (export "run") (result i32) (i32.const 0)))`,
    /brings its own/,
  ],
  [
    "a global of somebody else",
    `(module (import "env" "g" (global (mut i32))) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /brings its own/,
  ],
  [
    "a table of somebody else",
    `(module (import "env" "t" (table 1 funcref)) ${MEMORY} (func (export "run") (result i32) (i32.const 0)))`,
    /brings its own/,
  ],
  [
    "a run that takes something",
    `(module ${MEMORY} (func (export "run") (param i32) (result i32) (i32.const 0)))`,
    /function "run"/,
  ],
  [
    "a run that is an import",
    `(module (import "stoa" "input_length" (func $f (result i32))) (export "run" (func $f)) (memory 1))`,
    /export its memory/,
  ],
  ["a function of forty parameters", agentModule("", `(func (param ${"i32 ".repeat(40)}))`), /parameters/],
  ["a function of forty results", agentModule("", `(func (result ${"i32 ".repeat(40)}) (unreachable))`), /results/],
];

const raw: [string, () => number[], RegExp][] = [
  ["a section longer than its module", () => [...HEAD, 1, ...writeU32(0xffff_fff0), 1], /ends early/],
  ["a number without an end", () => [...HEAD, 1, ...new Array<number>(64).fill(0xff)], /longer than 32 bits/],
  ["four billion types", () => [...HEAD, ...section(1, ...writeU32(0xffff_ffff))], /4294967295 types/],
  ["four billion functions", () => [...HEAD, ...section(3, ...writeU32(0xffff_ffff))], /4294967295 functions/],
  [
    "a name of four gigabytes",
    () => [...HEAD, ...section(2, 1, ...writeU32(0xffff_ffff))],
    /a name .* has 4294967295 bytes/,
  ],
  ["a section that stands there twice", () => [...HEAD, ...section(1, 0), ...section(1, 0)], /twice/],
  ["a section of another age", () => [...HEAD, ...section(200, 0)], /section 200/],
  ["a component in the place of a module", () => [0x00, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], /version 1/],
  [
    "a hundred thousand sections of nothing",
    () => [...HEAD, ...Array.from({ length: 100_000 }, () => [0, 1, 0]).flat()],
    /more than 256 sections/,
  ],
];

const script = (text: string | Uint8Array) => () => Buffer.from(text as string);
const others: Smuggled[] = [
  {
    name: "a script that is no text",
    kind: "js",
    artifact: script(Uint8Array.from([0xff, 0xfe, 0x00])),
    says: /UTF-8/,
  },
  { name: "a script that exports nothing", kind: "js", artifact: script("run = () => 1"), says: /exports run/ },
  {
    name: "a module under the hash of another",
    kind: "js",
    artifact: script("export const run = () => 2;"),
    says: /SHA-256/,
    change: { artifact: { kind: "js", hash: hashBytes(Buffer.from("export const run = () => 1;")), bytes: 27 } },
  },
  {
    name: "a module larger than it says",
    kind: "js",
    artifact: script("export const run = () => 2;"),
    says: /has 27 bytes/,
    change: { artifact: { kind: "js", hash: hashBytes(Buffer.from("export const run = () => 2;")), bytes: 3 } },
  },
];

/** Artifacts that must be refused before any process sees them. */
export const smuggled: Family = {
  name: "artifacts that are refused",
  attacks: [
    ...written.map(([name, text, says]) =>
      bySmuggling({ name, kind: "wasm", says, artifact: async () => (await import("./assemble.ts")).assemble(text) }),
    ),
    ...raw.map(([name, bytes, says]) =>
      bySmuggling({ name, kind: "wasm", says, artifact: () => Uint8Array.from(bytes()) }),
    ),
    ...others.map(bySmuggling),
  ],
};
