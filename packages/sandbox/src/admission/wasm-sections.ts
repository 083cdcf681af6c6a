import { MAX_PARAMETERS, MAX_RESULTS, MAX_SECTIONS, MAX_TYPES, type WasmSignature } from "./wasm-abi.ts";
import { readWasm, refuse, type WasmReader, writeU32 } from "./wasm-reader.ts";

export interface Section {
  id: number;
  /** Where the section's content starts and ends. */
  start: number;
  end: number;
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
} as const;
/** The order in which sections stand; the count of data came late, and must be known before the code. */
const ORDER: readonly number[] = Object.values(SECTION);
const FUNCTION_TYPE = 0x60;
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * Finds the sections of a module, in their order.
 * @throws {StoaError} `invalid_artifact` when it is no module, or has a section twice or that is not known
 */
export function readSections(bytes: Uint8Array): Section[] {
  if (bytes.length < 8 || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    refuse("the artifact is not a WebAssembly module (version 1): its first bytes are wrong");
  }
  const reader = readWasm(bytes, 8);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const length = reader.u32();
    const start = reader.offset;
    reader.skip(length);
    if (id > SECTION.dataCount) refuse(`the module has a section ${id}, which WebAssembly 2.0 does not know`);
    if (id !== SECTION.custom && sections.some((section) => section.id === id))
      refuse(`the module has section ${id} twice`);
    if (sections.length === MAX_SECTIONS) refuse(`the module has more than ${MAX_SECTIONS} sections`);
    sections.push({ id, start, end: start + length });
  }
  return sections;
}

/** A reader of the one section with an id, if there is one. */
export function openSection(bytes: Uint8Array, sections: readonly Section[], id: number): WasmReader | undefined {
  const section = sections.find((candidate) => candidate.id === id);
  return section && readWasm(bytes, section.start, section.end);
}

/** The module with some of its sections' contents replaced, or added where they were missing. */
export function joinSections(
  bytes: Uint8Array,
  sections: readonly Section[],
  rewritten: ReadonlyMap<number, Uint8Array>,
): Uint8Array<ArrayBuffer> {
  const parts: { id: number; content: Uint8Array }[] = sections.map(({ id, start, end }) => ({
    id,
    content: rewritten.get(id) ?? bytes.subarray(start, end),
  }));
  for (const [id, content] of rewritten) {
    if (sections.some((section) => section.id === id)) continue;
    const next = parts.findIndex((part) => ORDER.indexOf(part.id) > ORDER.indexOf(id));
    parts.splice(next < 0 ? parts.length : next, 0, { id, content });
  }
  const written = parts.flatMap(({ id, content }) => [Uint8Array.from([id, ...writeU32(content.length)]), content]);
  return new Uint8Array(Buffer.concat([Uint8Array.from(MAGIC), ...written]));
}

/** The types of a module's functions. */
export function readTypes(reader: WasmReader | undefined): WasmSignature[] {
  const types: WasmSignature[] = [];
  if (!reader) return types;
  const count = boundCount(reader, MAX_TYPES, "types");
  for (let index = 0; index < count; index += 1) {
    if (reader.byte() !== FUNCTION_TYPE)
      refuse(`type ${index} is not a plain function's; structures, arrays and groups of types are not allowed`);
    const params = [...reader.bytes(boundCount(reader, MAX_PARAMETERS, `parameters of type ${index}`))];
    const results = [...reader.bytes(boundCount(reader, MAX_RESULTS, `results of type ${index}`))];
    types.push({ params, results });
  }
  return types;
}

/** Reads a count that may not be over `most`. */
export function boundCount(reader: WasmReader, most: number, what: string): number {
  const count = reader.u32();
  return count > most ? refuse(`there are ${count} ${what}, at most ${most} are allowed`) : count;
}
