import { MAX_FUNCTIONS, type WasmSignature } from "../admission/wasm-abi.ts";
import { readWasm, refuse, type WasmReader, writeU32 } from "../admission/wasm-reader.ts";
import { boundCount, joinSections, openSection, readSections, readTypes, SECTION } from "../admission/wasm-sections.ts";
import { DEPTH_EXPORT, FUEL_EXPORT } from "../frames/metering.ts";
import { ByteWriter } from "./byte-writer.ts";
import { meterBody, type ModuleAround } from "./meter-body.ts";

/** Most code that is rewritten: it grows to several times its size, and whoever admits it waits. */
const MAX_CODE_BYTES = 8 << 20;
const FUNCTION = 0;
const GLOBAL = 3;
const I32_MUTABLE = [0x7f, 1];
const I64_MUTABLE = [0x7e, 1];
const I64_CONST = 0x42;
const END = 0x0b;
const FUNCTION_TYPE = 0x60;
const EMPTY_BLOCK = 0x40;

/** How many imports of each kind there are, and the types of the functions among them. */
function readImported(reader: WasmReader | undefined): { functionTypes: number[]; globals: number } {
  const functionTypes: number[] = [];
  let globals = 0;
  for (let left = reader?.u32() ?? 0; left > 0; left -= 1) {
    reader!.name();
    reader!.name();
    const kind = reader!.byte();
    if (kind === FUNCTION) functionTypes.push(reader!.u32());
    else if (kind === GLOBAL) {
      globals += 1;
      reader!.skip(2);
    } else {
      if (kind === 1) reader!.byte();
      const hasMaximum = reader!.byte() === 1;
      reader!.u32();
      if (hasMaximum) reader!.u32();
    }
  }
  return { functionTypes, globals };
}

/** A vector's section with some entries added behind those it has. */
function appended(
  bytes: Uint8Array,
  section: WasmReader | undefined,
  end: number,
  entries: readonly (readonly number[])[],
): Uint8Array {
  const count = section?.u32() ?? 0;
  const writer = new ByteWriter().unsigned(count + entries.length);
  if (section) writer.bytes(bytes.subarray(section.offset, end));
  for (const entry of entries) writer.bytes(entry);
  return writer.written();
}

/**
 * Gives a valid module that does the same, pays for it with fuel and does it alike on every machine: it traps where its
 * fuel or its stack runs out, and exports both. Nothing of the module is executed.
 * @param fuel what it may use until it traps; about one an instruction
 * @throws {StoaError} `invalid_artifact` when it has instructions whose results differ between machines
 * @example
 * const metered = meterModule(await readFile("agent.wasm"), 1_000_000);
 */
export function meterModule(bytes: Uint8Array, fuel: number): Uint8Array<ArrayBuffer> {
  const sections = readSections(bytes);
  const endOf = (id: number) => sections.find((section) => section.id === id)?.end ?? 0;
  const open = (id: number) => openSection(bytes, sections, id);
  const types = readTypes(open(SECTION.type));
  const imported = readImported(open(SECTION.import));
  const declared = readIndexes(open(SECTION.function));
  const typeIndexes = [...imported.functionTypes, ...declared];
  const ownGlobals = open(SECTION.global)?.u32() ?? 0;
  const fuelGlobal = imported.globals + ownGlobals;
  const resultTypes: WasmSignature[] = [];

  const around: ModuleAround = {
    types,
    functionType: (index) => types[typeIndexes[index]!]!,
    importedFunctions: imported.functionTypes.length,
    fuelGlobal,
    depthGlobal: fuelGlobal + 1,
    resultType({ results }) {
      if (results.length === 0) return EMPTY_BLOCK - 0x80;
      if (results.length === 1) return results[0]! - 0x80;
      const known = resultTypes.findIndex((type) => type.results.join() === results.join());
      return types.length + (known < 0 ? resultTypes.push({ params: [], results }) - 1 : known);
    },
  };

  const codeSection = sections.find((section) => section.id === SECTION.code);
  const codeBytes = codeSection ? codeSection.end - codeSection.start : 0;
  if (codeBytes > MAX_CODE_BYTES)
    refuse(`the module has ${codeBytes} bytes of code, a deterministic agent may have ${MAX_CODE_BYTES}`);
  const code = meterCode(bytes, open(SECTION.code), declared, around);
  const globals = [
    [...I64_MUTABLE, I64_CONST, ...new ByteWriter().signed(fuel).written(), END],
    [...I32_MUTABLE, 0x41, 0, END],
  ];
  const exports = [
    [...nameOf(FUEL_EXPORT), GLOBAL, ...writeU32(fuelGlobal)],
    [...nameOf(DEPTH_EXPORT), GLOBAL, ...writeU32(fuelGlobal + 1)],
  ];
  const addedTypes = resultTypes.map(({ results }) => [FUNCTION_TYPE, 0, ...writeU32(results.length), ...results]);
  const append = (id: number, entries: readonly (readonly number[])[]) => appended(bytes, open(id), endOf(id), entries);
  const rewritten = new Map<number, Uint8Array>([
    [SECTION.type, append(SECTION.type, addedTypes)],
    [SECTION.global, append(SECTION.global, globals)],
    [SECTION.export, append(SECTION.export, exports)],
  ]);
  if (code) rewritten.set(SECTION.code, code);
  const metered = joinSections(bytes, sections, rewritten);
  if (!WebAssembly.validate(metered)) refuse("the module cannot be metered: an engine refuses its code afterwards");
  return metered;
}

function readIndexes(reader: WasmReader | undefined): number[] {
  const count = reader ? boundCount(reader, MAX_FUNCTIONS, "functions") : 0;
  return Array.from({ length: count }, () => reader!.u32());
}

function meterCode(
  bytes: Uint8Array,
  reader: WasmReader | undefined,
  declared: readonly number[],
  around: ModuleAround,
): Uint8Array | undefined {
  if (!reader) return undefined;
  const writer = new ByteWriter().unsigned(reader.u32());
  for (const typeIndex of declared) {
    const length = reader.u32();
    const end = reader.offset + length;
    const body = meterBody(bytes, readWasm(bytes, reader.offset, end), end, around.types[typeIndex]!, around);
    reader.skip(length);
    writer.unsigned(body.length).bytes(body);
  }
  return writer.written();
}

function nameOf(text: string): number[] {
  return [...writeU32(text.length), ...Buffer.from(text)];
}
