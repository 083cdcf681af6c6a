import assert from "node:assert/strict";
import fc from "fast-check";
import { StoaError } from "@stoa/protocol";
import { admitWasm } from "../../src/admission/admit-wasm.ts";
import { wasiAbi } from "../../src/admission/wasi-abi.ts";
import { stoaAbi } from "../../src/admission/wasm-abi.ts";
import { FUEL_EXPORT } from "../../src/frames/metering.ts";
import { meterModule } from "../../src/fuel/meter-module.ts";
import { type Law, law } from "./law.ts";
import { wholeModules } from "./modules.ts";
import { mutated } from "./mutate.ts";

const MEMORY_MB = 1;
const PAGES = 16;
/** Enough for a module to get to work, and used up at once by one that goes on for ever. */
const FUEL = 200_000;
const MESSAGE_LENGTH = 8_000;
/** What bounding memory and tables, and writing lengths anew, may add to a module. */
const ADDED_BYTES = 4_096;
/** Far above what any input of this size takes, on a machine that does other things too. */
const CPU_MS_PER_INPUT = 2_000;

function requireAdmission(bytes: Uint8Array, abi: typeof stoaAbi): boolean {
  const before = process.cpuUsage();
  let admitted;
  try {
    admitted = admitWasm(bytes, { memoryMb: MEMORY_MB }, abi);
  } catch (error) {
    assert.ok(error instanceof StoaError, `it threw ${String(error)}`);
    assert.equal(error.code, "invalid_artifact");
    assert.ok(error.message.length <= MESSAGE_LENGTH, `its refusal has ${error.message.length} characters`);
    return false;
  } finally {
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1_000 < CPU_MS_PER_INPUT, `it took ${(user + system) / 1_000} ms`);
  }
  assert.ok(admitted.bytes.length <= bytes.length + ADDED_BYTES, "what is admitted is much larger than what came");
  assert.ok(admitted.memoryPages.initial <= admitted.memoryPages.maximum && admitted.memoryPages.maximum <= PAGES);
  // The engine takes it as it is, and finds in it what admission found.
  const module = new WebAssembly.Module(admitted.bytes);
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  assert.deepEqual(imports, admitted.imports);
  assert.ok(imports.every((name) => Object.hasOwn(abi.imports, name)));
  const exports = WebAssembly.Module.exports(module);
  assert.deepEqual(
    exports.map(({ name }) => name),
    admitted.exports,
  );
  assert.ok(exports.some(({ name, kind }) => name === "memory" && kind === "memory"));
  assert.ok(exports.some(({ name, kind }) => name === abi.entry.name && kind === "function"));
  // Admitted once, admitted for good.
  assert.deepEqual(admitWasm(admitted.bytes, { memoryMb: MEMORY_MB }, abi).bytes, admitted.bytes);
  requireMetering(admitted.bytes, abi);
  return true;
}

/** What is admitted can be metered, or is refused for what it does; metered, it ends, and twice at the same count. */
function requireMetering(bytes: Uint8Array, abi: typeof stoaAbi): void {
  const before = process.cpuUsage();
  let metered;
  try {
    metered = new WebAssembly.Module(meterModule(bytes, FUEL));
  } catch (error) {
    assert.ok(error instanceof StoaError, `it threw ${String(error)}`);
    assert.match(error.message, /without SIMD|is not one of WebAssembly 2.0/);
    return;
  }
  const ends = [0, 1].map(() => endOf(metered, abi));
  assert.deepEqual(ends[0], ends[1]);
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1_000 < CPU_MS_PER_INPUT, `metered, it took ${(user + system) / 1_000} ms`);
}

/** How a metered module ends on a host that gives it nothing: what it returns or traps by, and the fuel it has left. */
function endOf(module: WebAssembly.Module, abi: typeof stoaAbi): unknown {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  let exports: WebAssembly.Exports | undefined;
  try {
    exports = new WebAssembly.Instance(module, imports).exports;
    return [(exports[abi.entry.name] as () => unknown)(), left(exports)];
  } catch (error) {
    return [(error as Error).name, exports && left(exports)];
  }
}
const left = (exports: WebAssembly.Exports) => (exports[FUEL_EXPORT] as WebAssembly.Global<"i64">).value;

export interface AdmissionLaws {
  laws: readonly Law[];
  /** How many inputs were admitted so far: a fuzzer that only ever sees refusals tries little. */
  admitted(): number;
}

export function admissionLaws(): AdmissionLaws {
  const { agents, foreign } = wholeModules();
  let admitted = 0;
  const check = (bytes: Uint8Array) => {
    for (const abi of [stoaAbi, wasiAbi]) if (requireAdmission(bytes, abi)) admitted += 1;
  };
  const small = foreign.filter(({ length }) => length < 20_000);
  const spliced = fc
    .tuple(fc.constantFrom(...agents), fc.constantFrom(...small), fc.nat(), fc.nat())
    .map(([head, tail, from, to]) =>
      Buffer.concat([head.subarray(0, from % head.length), tail.subarray(to % tail.length)]),
    );
  const headed = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([agents[0]!.subarray(0, 8), bytes]));
  return {
    admitted: () => admitted,
    laws: [
      law(
        "admission of altered agents gives what the engine runs within its limits, or refuses it clearly",
        2_000,
        mutated(fc.constantFrom(...agents)),
        check,
      ),
      law(
        "admission of altered modules of others, of their pieces and of any bytes behind a head does",
        500,
        fc.oneof(mutated(fc.constantFrom(...small)), spliced, headed),
        check,
      ),
      law("admission of altered modules of half a megabyte does", 20, mutated(fc.constantFrom(...foreign)), check),
    ],
  };
}
