import {
  MAX_BODY_BYTES,
  MAX_EXPORTS,
  MAX_FUNCTIONS,
  MAX_IMPORTS,
  MAX_LOCALS,
  MAX_LOCALS_IN_ALL,
  MAX_TABLE_ENTRIES,
  MAX_TABLES,
  stoaAbi,
  WASM_PAGE_BYTES,
  type WasmAbi,
  type WasmSignature,
} from "./wasm-abi.ts";
import { refuse, type WasmReader, writeU32 } from "./wasm-reader.ts";
import { boundCount, joinSections, openSection, readSections, readTypes, SECTION } from "./wasm-sections.ts";

/** What a module is, and the bytes of it that may be run. */
export interface AdmittedWasm {
  imports: string[];
  exports: string[];
  /** Pages of 64 KiB it starts with, and the most it can grow to. */
  memoryPages: { initial: number; maximum: number };
  /** The module with its memory and tables bounded. */
  bytes: Uint8Array<ArrayBuffer>;
}

const KIND = { function: 0, memory: 2 };

function sameSignature(a: WasmSignature | undefined, b: WasmSignature): boolean {
  return a !== undefined && a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

/** The imported functions' types; a function's index counts imports first. */
function readImports(
  reader: WasmReader | undefined,
  types: WasmSignature[],
  allowed: WasmAbi["imports"],
): { names: string[]; typeIndexes: number[] } {
  const names: string[] = [];
  const typeIndexes: number[] = [];
  const count = reader ? boundCount(reader, MAX_IMPORTS, "imports") : 0;
  for (let index = 0; index < count; index += 1) {
    const name = `${reader!.name()}.${reader!.name()}`;
    const kind = reader!.byte();
    if (kind !== KIND.function)
      refuse(
        `the import ${JSON.stringify(name)} is not a function; a module brings its own memory, tables and globals`,
      );
    const expected = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (!expected)
      refuse(`the import ${JSON.stringify(name)} is not allowed; allowed are ${Object.keys(allowed).join(", ")}`);
    const typeIndex = reader!.u32();
    if (!sameSignature(types[typeIndex], expected))
      refuse(`the import ${name} has another signature than docs/agents.md gives it`);
    names.push(name);
    typeIndexes.push(typeIndex);
  }
  return { names, typeIndexes };
}

function readFunctionTypes(reader: WasmReader | undefined, imported: number[]): (index: number) => number | undefined {
  if (!reader) return (index) => imported[index];
  const own = Uint32Array.from({ length: boundCount(reader, MAX_FUNCTIONS, "functions") }, () => reader.u32());
  return (index) => (index < imported.length ? imported[index] : own[index - imported.length]);
}

/** Reads limits and writes them again with a maximum of at most `most`. */
function boundLimits(
  reader: WasmReader,
  most: number,
  what: string,
): { initial: number; maximum: number; bytes: number[] } {
  const flags = reader.byte();
  if (flags > 1)
    refuse(`the ${what} is shared, 64-bit or of custom pages (flags ${flags}), only plain ones are allowed`);
  const initial = reader.u32();
  const declared = flags === 1 ? reader.u32() : most;
  if (initial > most)
    refuse(`the ${what} starts with ${initial} ${what === "memory" ? "pages" : "entries"}, the limit is ${most}`);
  const maximum = Math.min(declared, most);
  return { initial, maximum, bytes: [1, ...writeU32(initial), ...writeU32(maximum)] };
}

function boundTables(reader: WasmReader): number[] {
  const count = boundCount(reader, MAX_TABLES, "tables");
  const bytes = writeU32(count);
  for (let index = 0; index < count; index += 1) {
    const type = reader.byte();
    // funcref and externref; the newer element types carry bodies of their own.
    if (type !== 0x70 && type !== 0x6f)
      refuse(`table ${index} holds elements of type 0x${type.toString(16)}, only funcref and externref are allowed`);
    bytes.push(type, ...boundLimits(reader, MAX_TABLE_ENTRIES, "table").bytes);
  }
  return bytes;
}

/** Keeps function bodies to a size and a number of locals that an engine validates in bounded time and memory. */
function boundBodies(reader: WasmReader | undefined): void {
  let localsInAll = 0;
  const count = reader ? boundCount(reader, MAX_FUNCTIONS, "function bodies") : 0;
  for (let index = 0; index < count; index += 1) {
    const length = boundCount(reader!, MAX_BODY_BYTES, `bytes in function ${index}`);
    const start = reader!.offset;
    let locals = 0;
    for (let groups = reader!.u32(); groups > 0 && locals <= MAX_LOCALS; groups -= 1) {
      locals += reader!.u32();
      reader!.byte();
    }
    localsInAll += locals;
    if (locals > MAX_LOCALS || localsInAll > MAX_LOCALS_IN_ALL)
      refuse(
        `function ${index} declares too many locals: at most ${MAX_LOCALS} are allowed, and ${MAX_LOCALS_IN_ALL} in all`,
      );
    const left = start + length - reader!.offset;
    if (left < 0) refuse(`function ${index} ends before its locals do`);
    reader!.skip(left);
  }
}

function requireExports(
  reader: WasmReader | undefined,
  entryType: (functionIndex: number) => WasmSignature | undefined,
  entry: WasmAbi["entry"],
): string[] {
  const names: string[] = [];
  let hasMemory = false;
  let hasEntry = false;
  const count = reader ? boundCount(reader, MAX_EXPORTS, "exports") : 0;
  for (let index = 0; index < count; index += 1) {
    const name = reader!.name();
    const kind = reader!.byte();
    const target = reader!.u32();
    names.push(name);
    if (name === "memory") hasMemory = kind === KIND.memory && target === 0;
    if (name === entry.name) hasEntry = kind === KIND.function && sameSignature(entryType(target), entry.signature);
  }
  if (!hasMemory) refuse('the module must export its memory as "memory"');
  if (!hasEntry) refuse(`the module must export a function "${entry.name}" that ${entry.told}`);
  return names;
}

/**
 * Admits a WebAssembly module: only its ABI's imports, `memory` and the ABI's entry exported, one plain memory.
 * Its memory and tables are rewritten with a maximum, so that the engine itself refuses to grow them further.
 * Nothing of the module is executed.
 * @param limits.memoryMb the most memory it may grow to
 * @param abi the "stoa" ABI when absent
 * @throws {StoaError} `invalid_artifact` naming what is wrong
 * @example
 * admitWasm(await readFile("agent.wasm"), { memoryMb: 64 }).imports // ["stoa.input_length", …]
 */
export function admitWasm(bytes: Uint8Array, limits: { memoryMb: number }, abi = stoaAbi): AdmittedWasm {
  const sections = readSections(bytes);
  const open = (id: number) => openSection(bytes, sections, id);
  const types = readTypes(open(SECTION.type));
  const imports = readImports(open(SECTION.import), types, abi.imports);
  const functionType = readFunctionTypes(open(SECTION.function), imports.typeIndexes);
  const exports = requireExports(open(SECTION.export), (index) => types[functionType(index) ?? -1], abi.entry);

  boundBodies(open(SECTION.code));

  const memoryReader = open(SECTION.memory);
  const memories = memoryReader?.u32() ?? 0;
  if (!memoryReader || memories !== 1) refuse(`the module has ${memories} memories of its own, expected 1`);
  const memory = boundLimits(memoryReader, (limits.memoryMb << 20) / WASM_PAGE_BYTES, "memory");
  const tableReader = open(SECTION.table);

  const rewritten = new Map<number, Uint8Array>([[SECTION.memory, Uint8Array.from([1, ...memory.bytes])]]);
  if (tableReader) rewritten.set(SECTION.table, Uint8Array.from(boundTables(tableReader)));
  const admitted = joinSections(bytes, sections, rewritten);
  if (!WebAssembly.validate(admitted)) refuse("the module does not validate: an engine refuses its code");
  return {
    imports: imports.names,
    exports,
    memoryPages: { initial: memory.initial, maximum: memory.maximum },
    bytes: admitted,
  };
}
