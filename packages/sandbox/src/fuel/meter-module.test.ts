import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import binaryen from "binaryen";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEPTH_EXPORT, FUEL_EXPORT, MAX_STACK_SLOTS } from "../frames/metering.ts";
import { meterModule } from "./meter-module.ts";

const FUEL = 1_000_000;

function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    return new Uint8Array(module.emitBinary());
  } finally {
    module.dispose();
  }
}

interface Ran {
  result: unknown;
  fuel: number;
  depth: number;
}

/** Runs a module's `run`, metered, and tells what its counters say afterwards. */
function runMetered(bytes: Uint8Array, args: number[] = [], fuel = FUEL, imports: WebAssembly.Imports = {}): Ran {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(bytes, fuel)), imports);
  let result: unknown;
  try {
    result = (exports["run"] as (...args: number[]) => unknown)(...args);
  } catch (error) {
    result = (error as Error).name;
  }
  return {
    result,
    fuel: fuel - Number((exports[FUEL_EXPORT] as WebAssembly.Global<"i64">).value),
    depth: (exports[DEPTH_EXPORT] as WebAssembly.Global<"i32">).value,
  };
}

describe("metering a module", () => {
  test("counts the instructions that are executed, whichever way they take", () => {
    const branching = assemble(`(module (func (export "run") (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (i32.add (i32.const 1) (i32.const 2)))
        (else (i32.const 7)))))`);
    // The call, local.get and if; then three instructions, or one.
    expect(runMetered(branching, [1])).toEqual({ result: 3, fuel: 6, depth: 0 });
    expect(runMetered(branching, [0])).toEqual({ result: 7, fuel: 4, depth: 0 });

    const counting = assemble(`(module (func (export "run") (param i32) (result i32)
      (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (local.get 0)))
      (local.get 0)))`);
    const [ten, twenty] = [runMetered(counting, [10]), runMetered(counting, [20])];
    expect(twenty.fuel - ten.fuel).toBe(10 * 6);
  });

  test("stops what has used its fuel, after no more than it", () => {
    const endless = assemble('(module (func (export "run") (loop $again (br $again))))');
    const { result, fuel } = runMetered(endless, [], 500);
    expect(result).toBe("RuntimeError");
    expect(fuel).toBe(501);
    const recursive = assemble('(module (func $run (export "run") (call $run)))');
    expect(runMetered(recursive, [], 500)).toMatchObject({ result: "RuntimeError", fuel: 502 });
  });

  test("takes work by its size from the fuel before it is done", () => {
    const filling = assemble(`(module (memory 100) (func (export "run") (param i32)
      (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))`);
    expect(runMetered(filling, [80_000]).fuel - runMetered(filling, [0]).fuel).toBe(10_000);
    expect(runMetered(filling, [6_400_000], 1_000).result).toBe("RuntimeError");
    const growing = assemble(`(module (memory 1) (func (export "run") (param i32) (result i32)
      (memory.grow (local.get 0))))`);
    expect(runMetered(growing, [3])).toMatchObject({ result: 1, fuel: 4 * 1 - 1 + 3 * 8_192 });
    const table = assemble(`(module (table 10 funcref) (func (export "run") (param i32)
      (table.fill (i32.const 0) (ref.null func) (local.get 0))))`);
    expect(runMetered(table, [10]).fuel - runMetered(table, [0]).fuel).toBe(10);
  });

  test("takes for a call to the host, and for locals that must be zero", () => {
    const host = assemble('(module (import "a" "b" (func $b)) (func (export "run") (call $b)))');
    expect(runMetered(host, [], FUEL, { a: { b: () => undefined } }).fuel).toBe(1 + 100);
    const locals = assemble(`(module (func (export "run") ${"(local i64)".repeat(300)}
      ${Array.from({ length: 300 }, (_, at) => `(local.set ${at} (i64.const 1))`).join(" ")}))`);
    expect(runMetered(locals).fuel).toBe(1 + 300 + 600);
  });

  test("gives the call's stack back however a function is left", () => {
    const left = assemble(`(module
      (func $leaves (param i32) (result i32)
        (block (br_if 0 (local.get 0)) (return (i32.const 5)))
        (block (block (br_table 0 1 (i32.sub (local.get 0) (i32.const 1)))) (return (i32.const 6)))
        (i32.const 7))
      (func $pair (result i32 i64) (i32.const 1) (return (i32.const 2) (i64.const 3)))
      (func (export "run") (param i32) (result i32)
        (call $pair) (drop) (drop) (call $leaves (local.get 0))))`);
    const results = [0, 1, 2].map((argument) => runMetered(left, [argument]));
    expect(results).toMatchObject([5, 6, 7].map((result) => ({ result, depth: 0 })));
  });

  test("makes every NaN that is computed the same, and leaves others and all numbers alone", () => {
    const bits = (width: 32 | 64, value: string) =>
      assemble(`(module (func (export "run") (result i${width}) (i${width}.reinterpret_f${width} ${value})))`);
    const odd64 = "(f64.const nan:0x4000000000001)";
    const odd32 = "(f32.const nan:0x200001)";
    const run = (width: 32 | 64, value: string) => runMetered(bits(width, value)).result;
    const canonical64 = BigInt.asIntN(64, 0x7ff8000000000000n);
    expect(run(64, `(f64.add ${odd64} (f64.const 1))`)).toBe(canonical64);
    expect(run(64, "(f64.div (f64.const 0) (f64.const -0))")).toBe(canonical64);
    expect(run(64, "(f64.sqrt (f64.const -1))")).toBe(canonical64);
    expect(run(64, `(f64.promote_f32 ${odd32})`)).toBe(canonical64);
    expect(run(32, `(f32.min ${odd32} (f32.const 1))`)).toBe(0x7fc00000);
    expect(run(32, `(f32.demote_f64 ${odd64})`)).toBe(0x7fc00000);
    expect(run(64, `(f64.neg ${odd64})`)).toBe(BigInt.asIntN(64, 0xfff4000000000001n));
    expect(run(64, "(f64.mul (f64.const -0) (f64.const 3))")).toBe(BigInt.asIntN(64, 1n << 63n));
    expect(run(32, "(f32.sub (f32.const 0.1) (f32.const inf))")).toBe(0xff800000 | 0);
  });

  test("refuses what may differ between machines, or is not known", () => {
    const vectors = assemble(`(module (func (export "run") (result i32)
      (i32x4.extract_lane 0 (i32x4.splat (i32.const 1)))))`);
    expect(() => meterModule(vectors, FUEL)).toThrow(/without SIMD/);
    const tail = assemble('(module (func $run (export "run") (return_call $run)))');
    expect(() => meterModule(tail, FUEL)).toThrow(/0x12 at byte \d+ is not one of WebAssembly 2.0/);
    const taken = assemble(`(module (global (export "${FUEL_EXPORT}") i32 (i32.const 0)) (func (export "run")))`);
    expect(() => meterModule(taken, FUEL)).toThrow(/cannot be metered/);
  });

  test("computes the same as before, whatever is computed", () => {
    const operators = ["add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "div_u", "rem_s"];
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.integer().map((value) => `(i32.const ${value})`),
        fc.constantFrom("(local.get 0)", "(local.get 1)"),
        fc
          .tuple(fc.constantFrom(...operators), tie("expression"), tie("expression"))
          .map(([operator, a, b]) => `(i32.${operator} ${a} ${b})`),
        fc
          .tuple(tie("expression"), tie("expression"), tie("expression"))
          .map(([a, b, c]) => `(if (result i32) ${a} (then ${b}) (else ${c}))`),
        fc
          .tuple(tie("expression"), tie("expression"))
          .map(([a, b]) => `(block (result i32) (drop (br_if 0 ${a} ${b})) (return ${b}))`),
        tie("expression").map((a) => `(i32.trunc_sat_f64_s (f64.sqrt (f64.convert_i32_s ${a})))`),
        tie("expression").map((a) => `(local.tee 1 ${a})`),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.integer(), fc.integer(), (written, a, b) => {
        const bytes = assemble(`(module (func (export "run") (param i32 i32) (result i32) ${written}))`);
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
        let plain: unknown;
        try {
          plain = (exports["run"] as (a: number, b: number) => number)(a, b);
        } catch (error) {
          plain = (error as Error).name;
        }
        const metered = runMetered(bytes, [a, b]);
        expect(metered.result).toBe(plain);
        expect(runMetered(bytes, [a, b])).toEqual(metered);
      }),
      { numRuns: 300 },
    );
  });

  test(
    "meets its own limit of nested calls, at the same depth, however the engine compiles it",
    { timeout: 60_000 },
    async () => {
      // One function with many operands, one with few, one with floats; a global tells how deep the calls came.
      const wide = `(i32.add ${"(i32.add (local.get 0) ".repeat(60)}(call $wide (i32.add (local.get 0) (i32.const 1)))${")".repeat(60)} (i32.const 1))`;
      const nested = assemble(`(module (global $deep (export "deep") (mut i32) (i32.const 0))
      (func $wide (export "wide") (param i32) (result i32) (global.set $deep (local.get 0)) ${wide})
      (func $thin (export "thin") (param i32) (result i32)
        (global.set $deep (local.get 0)) (call $thin (i32.add (local.get 0) (i32.const 1))))
      (func $float (export "float") (param f64) (result f64) ${"(local f64)".repeat(40)}
        (global.set $deep (i32.trunc_sat_f64_s (local.get 0)))
        (f64.add (local.get 0) (f64.sqrt (call $float (f64.add (local.get 0) (f64.const 1)))))))`);
      const folder = await mkdtemp(join(tmpdir(), "stoa-metered-"));
      try {
        const path = join(folder, "nested.wasm");
        await writeFile(path, meterModule(nested, 1_000_000_000));
        const script = `
        const module = new WebAssembly.Module(require("node:fs").readFileSync(${JSON.stringify(path)}));
        for (const name of ["wide", "thin", "float"]) for (let n = 0; n < 20; n += 1) {
          const { exports } = new WebAssembly.Instance(module);
          try { exports[name](0); } catch (error) {
            const over = exports["${DEPTH_EXPORT}"].value > ${MAX_STACK_SLOTS};
            console.log(name, error.message, exports.deep.value, exports["${FUEL_EXPORT}"].value, over);
          }
        }`;
        const outputs = await Promise.all(
          [[], ["--liftoff-only"], ["--no-liftoff"], ["--no-wasm-inlining"]].map((flags) =>
            runNode([...flags, "-e", script]),
          ),
        );
        expect(outputs[0]).toMatch(/^wide unreachable \d+ \d+n true$/m);
        expect(new Set(outputs)).toEqual(new Set([outputs[0]]));
        expect(new Set(outputs[0]!.trim().split("\n")).size).toBe(3);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

async function runNode(args: string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return await text(child.stdout);
}
