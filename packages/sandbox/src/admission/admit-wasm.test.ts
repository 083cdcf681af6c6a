import { StoaError } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitWasm } from "./admit-wasm.ts";
import { wasiAbi } from "./wasi-abi.ts";
import { writeU32 } from "./wasm-reader.ts";

const name = (text: string) => [...writeU32(text.length), ...Buffer.from(text)];
const vector = (items: number[][]) => [...writeU32(items.length), ...items.flat()];
const section = (id: number, content: number[]) => [id, ...writeU32(content.length), ...content];
const functionImport = (module: string, field: string, type: number) => [...name(module), ...name(field), 0, type];

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

interface Parts {
  types: number[][];
  imports: number[][];
  functions: number[][];
  tables: number[][] | undefined;
  memories: number[][];
  exports: number[][];
  code: number[][];
}

/** A module that grows its memory until it may not, and returns how many pages it got. */
function moduleOf(change: Partial<Parts> = {}): Uint8Array {
  const parts: Parts = {
    types: [
      [0x60, 0, 1, 0x7f],
      [0x60, 1, 0x7f, 0],
      [0x60, 2, 0x7f, 0x7f, 0],
    ],
    imports: [functionImport("stoa", "input_length", 0), functionImport("stoa", "input_read", 1)],
    functions: [[0]],
    tables: undefined,
    memories: [[0, 1]],
    exports: [
      [...name("memory"), 2, 0],
      [...name("run"), 0, 2],
    ],
    // loop (br_if 0 (i32.ne (memory.grow 1) -1)) end; memory.size
    code: [[0x00, 0x03, 0x40, 0x41, 1, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b, 0x3f, 0, 0x0b]],
    ...change,
  };
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector(parts.types)),
    ...section(2, vector(parts.imports)),
    ...section(3, vector(parts.functions)),
    ...(parts.tables ? section(4, vector(parts.tables)) : []),
    ...section(5, vector(parts.memories)),
    ...section(7, vector(parts.exports)),
    ...section(10, vector(parts.code.map((body) => [...writeU32(body.length), ...body]))),
    ...section(0, name("kept")),
  ]);
}

function refusal(bytes: Uint8Array, memoryMb = 1): string {
  try {
    admitWasm(bytes, { memoryMb });
  } catch (error) {
    if (error instanceof StoaError && error.code === "invalid_artifact") return error.message;
    throw error;
  }
  return "";
}

function pagesReached(bytes: BufferSource): number {
  const nothing = () => 0;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    stoa: { input_length: nothing, input_read: nothing },
  });
  return (exports["run"] as () => number)();
}

describe("admitting a module", () => {
  test("says what it imports and exports, and what its memory is", () => {
    const admitted = admitWasm(moduleOf(), { memoryMb: 2 });
    expect(admitted).toMatchObject({
      imports: ["stoa.input_length", "stoa.input_read"],
      exports: ["memory", "run"],
      memoryPages: { initial: 1, maximum: 32 },
    });
  });

  test("bounds its memory, whatever it declares, so that the engine refuses to grow it further", () => {
    expect(pagesReached(admitWasm(moduleOf(), { memoryMb: 2 }).bytes)).toBe(32);
    expect(pagesReached(admitWasm(moduleOf({ memories: [[1, 1, ...writeU32(65_536)]] }), { memoryMb: 1 }).bytes)).toBe(
      16,
    );
    expect(pagesReached(admitWasm(moduleOf({ memories: [[1, 1, 3]] }), { memoryMb: 1 }).bytes)).toBe(3);
  });

  test("bounds its tables", () => {
    const admitted = admitWasm(
      moduleOf({
        tables: [
          [0x70, 0, 1],
          [0x6f, 0, 1],
        ],
      }),
      { memoryMb: 1 },
    );
    const found = Buffer.from(admitted.bytes).indexOf(
      Buffer.from([2, 0x70, 1, 1, ...writeU32(65_536), 0x6f, 1, 1, ...writeU32(65_536)]),
    );
    expect(found).toBeGreaterThan(0);
    expect(refusal(moduleOf({ tables: [[0x70, 0, ...writeU32(1_000_000)]] }))).toContain("entries");
    expect(refusal(moduleOf({ tables: Array.from({ length: 9 }, () => [0x70, 0, 1]) }))).toContain("tables");
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["is no module", Buffer.from("not a module at all"), /not a WebAssembly module/],
    ["is empty", new Uint8Array(), /not a WebAssembly module/],
    ["is a component", Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /version 1/],
    [
      "imports what it may not",
      moduleOf({
        imports: [functionImport("wasi_snapshot_preview1", "fd_write", 0), functionImport("stoa", "input_read", 1)],
      }),
      /fd_write/,
    ],
    [
      "imports a name that objects inherit",
      moduleOf({ imports: [functionImport("stoa", "input_length", 0), functionImport("x", "constructor", 0)] }),
      /not allowed/,
    ],
    [
      "imports with another signature",
      moduleOf({ imports: [functionImport("stoa", "input_length", 1), functionImport("stoa", "input_read", 1)] }),
      /signature/,
    ],
    [
      "imports a type it does not have",
      moduleOf({ imports: [functionImport("stoa", "input_length", 9), functionImport("stoa", "input_read", 1)] }),
      /signature/,
    ],
    [
      "imports its memory",
      moduleOf({ imports: [[...name("env"), ...name("memory"), 2, 0, 1]] }),
      /brings its own memory/,
    ],
    ["imports a table", moduleOf({ imports: [[...name("env"), ...name("table"), 1, 0x70, 0, 1]] }), /brings its own/],
    ["imports a global", moduleOf({ imports: [[...name("env"), ...name("base"), 3, 0x7f, 0]] }), /brings its own/],
    ["has shared memory", moduleOf({ memories: [[3, 1, 2]] }), /shared/],
    ["has 64-bit memory", moduleOf({ memories: [[4, 1]] }), /64-bit/],
    ["has no memory", moduleOf({ memories: [] }), /0 memories/],
    [
      "has two memories",
      moduleOf({
        memories: [
          [0, 1],
          [0, 1],
        ],
      }),
      /2 memories/,
    ],
    ["starts over its limit", moduleOf({ memories: [[0, 17]] }), /starts with 17 pages, the limit is 16/],
    ["does not export its memory", moduleOf({ exports: [[...name("run"), 0, 2]] }), /export its memory/],
    [
      "exports something else as memory",
      moduleOf({
        exports: [
          [...name("memory"), 0, 2],
          [...name("run"), 0, 2],
        ],
      }),
      /export its memory/,
    ],
    ["does not export run", moduleOf({ exports: [[...name("memory"), 2, 0]] }), /function "run"/],
    ["exports a run with parameters", moduleOf({ functions: [[2]], code: [[0, 0x0b]] }), /function "run"/],
    [
      "exports an import as run",
      moduleOf({
        exports: [
          [...name("memory"), 2, 0],
          [...name("run"), 0, 1],
        ],
      }),
      /function "run"/,
    ],
    ["has code that does not validate", moduleOf({ code: [[0, 0x0b]] }), /validate/],
    ["has a section twice", Uint8Array.from([...moduleOf(), ...section(5, vector([[0, 1]]))]), /twice/],
    [
      "has a number without end",
      Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      /longer than 32 bits/,
    ],
  ])("refuses one that %s", (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });

  test("refuses what would make an engine's validation costly", { timeout: 30_000 }, () => {
    const many = (count: number) => [...writeU32(count), ...Array.from({ length: count }, () => 0x7f)];
    const plain = [
      [0x60, 0, 1, 0x7f],
      [0x60, 1, 0x7f, 0],
    ];
    const body = [0x41, 0, 0x0b];
    expect(refusal(moduleOf({ types: [...plain, [0x60, ...many(33), 0]] }))).toContain("33 parameters");
    expect(refusal(moduleOf({ types: [...plain, [0x60, 0, ...many(17)]] }))).toContain("17 results");
    expect(refusal(moduleOf({ types: [...plain, [0x5f, 0]] }))).toContain("not a plain function");
    expect(refusal(moduleOf({ code: [[1, ...writeU32(10_001), 0x7f, ...body]] }))).toContain("locals");
    expect(refusal(moduleOf({ code: [[2, ...writeU32(1), 0x7f, ...writeU32(0xffff_ffff), 0x7f, ...body]] }))).toContain(
      "locals",
    );
    const functions = Array.from({ length: 201 }, () => [0]);
    expect(
      refusal(moduleOf({ functions, code: functions.map(() => [1, ...writeU32(10_000), 0x7f, ...body]) })),
    ).toContain("in all");
    expect(refusal(moduleOf({ code: [[0, ...new Uint8Array(512 << 10).fill(0x01), ...body]] }))).toContain(
      "bytes in function",
    );
    expect(refusal(Uint8Array.from([...moduleOf(), ...section(13, vector([[0, 0]]))]))).toContain("section 13");
  });

  test("admits a WASI command by its own imports and entry", () => {
    const i32 = 0x7f;
    const types = [
      [0x60, 0, 0],
      [0x60, 1, i32, 0],
      [0x60, 4, i32, i32, i32, i32, 1, i32],
    ];
    const exports = [
      [...name("memory"), 2, 0],
      [...name("_start"), 0, 2],
    ];
    const imports = [functionImport("wasi_snapshot_preview1", "proc_exit", 1), functionImport("stoa", "call", 2)];
    const command = { types, imports, exports, code: [[0, 0x0b]] };
    expect(admitWasm(moduleOf(command), { memoryMb: 16 }, wasiAbi).imports).toEqual([
      "wasi_snapshot_preview1.proc_exit",
      "stoa.call",
    ]);
    expect(() => admitWasm(moduleOf(command), { memoryMb: 16 })).toThrow(/"wasi_snapshot_preview1.proc_exit" is not/);
    expect(() => admitWasm(moduleOf(), { memoryMb: 16 }, wasiAbi)).toThrow(/"stoa.input_length" is not allowed/);
    const noEntry = { ...command, exports: [exports[0]!, [...name("run"), 0, 2]] };
    expect(() => admitWasm(moduleOf(noEntry), { memoryMb: 16 }, wasiAbi)).toThrow(/must export a function "_start"/);
    const wrong = [functionImport("wasi_snapshot_preview1", "fd_write", 1), imports[1]!];
    expect(() => admitWasm(moduleOf({ ...command, imports: wrong }), { memoryMb: 16 }, wasiAbi)).toThrow(/signature/);
  });

  test("refuses every cut of a module, and never fails otherwise", () => {
    const whole = moduleOf();
    // Behind the code section only the custom section may be missing.
    const needed = whole.length - section(0, name("kept")).length;
    const lengths = Array.from(whole.keys()).filter((length) => refusal(whole.subarray(0, length)) === "");
    expect(lengths).toEqual([needed]);
  });

  test("admits of altered and random bytes only what an engine would run within the limit", { timeout: 30_000 }, () => {
    const whole = moduleOf();
    const altered = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    const random = fc
      .uint8Array({ maxLength: 64 })
      .map((bytes) => Uint8Array.from([...whole.subarray(0, 8), ...bytes]));
    fc.assert(
      fc.property(fc.oneof(altered, random), (bytes) => {
        let admitted;
        try {
          admitted = admitWasm(bytes, { memoryMb: 1 });
        } catch (error) {
          expect(error).toBeInstanceOf(StoaError);
          return;
        }
        const module = new WebAssembly.Module(admitted.bytes);
        expect(
          WebAssembly.Module.imports(module).every((wanted) => wanted.module === "stoa" || wanted.module === "env"),
        ).toBe(true);
        expect(admitted.memoryPages.maximum).toBeLessThanOrEqual(16);
      }),
      { numRuns: 2_000 },
    );
  });
});
