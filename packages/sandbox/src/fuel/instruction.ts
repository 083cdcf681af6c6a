import { refuse, type WasmReader } from "../admission/wasm-reader.ts";

/** The instructions that are looked at one by one. */
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i64LessSigned: 0x53,
  i32GreaterUnsigned: 0x4b,
  f32Equal: 0x5b,
  f64Equal: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Sub: 0x7d,
  i64ShiftLeft: 0x86,
  i64ShiftRightUnsigned: 0x88,
  i64ExtendUnsigned: 0xad,
  numeric: 0xfc,
  vector: 0xfd,
} as const;

/** Instructions behind the prefix 0xfc whose work grows with a number on the stack. */
export const BULK = {
  memoryInit: 8,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  tableCopy: 14,
  tableGrow: 15,
  tableFill: 17,
} as const;

/** What stands behind an instruction's opcode. */
type Immediates =
  | "none"
  | "index"
  | "leb"
  | "memory"
  | "four"
  | "eight"
  | "zero"
  | "call"
  | "types"
  | "block"
  | "table";

/**
 * First and last opcode, how many operands they take and give, and what stands behind them. Calls, branches and blocks
 * depend on their types: theirs are not told here.
 * @see https://webassembly.github.io/spec/core/binary/instructions.html (version 2.0, without vectors)
 */
const ranges: readonly (readonly [from: number, to: number, pops: number, pushes: number, immediates: Immediates])[] = [
  [0x00, 0x01, 0, 0, "none"],
  [0x02, 0x03, 0, 0, "block"],
  [0x04, 0x04, 1, 0, "block"],
  [0x05, 0x05, 0, 0, "none"],
  [0x0b, 0x0b, 0, 0, "none"],
  [0x0c, 0x0c, 0, 0, "index"],
  [0x0d, 0x0d, 1, 0, "index"],
  [0x0e, 0x0e, 1, 0, "table"],
  [0x0f, 0x0f, 0, 0, "none"],
  [0x10, 0x10, 0, 0, "index"],
  [0x11, 0x11, 1, 0, "call"],
  [0x1a, 0x1a, 1, 0, "none"],
  [0x1b, 0x1b, 3, 1, "none"],
  [0x1c, 0x1c, 3, 1, "types"],
  [0x20, 0x20, 0, 1, "index"],
  [0x21, 0x21, 1, 0, "index"],
  [0x22, 0x22, 1, 1, "index"],
  [0x23, 0x23, 0, 1, "index"],
  [0x24, 0x24, 1, 0, "index"],
  [0x25, 0x25, 1, 1, "index"],
  [0x26, 0x26, 2, 0, "index"],
  [0x28, 0x35, 1, 1, "memory"],
  [0x36, 0x3e, 2, 0, "memory"],
  [0x3f, 0x3f, 0, 1, "zero"],
  [0x40, 0x40, 1, 1, "zero"],
  [0x41, 0x42, 0, 1, "leb"],
  [0x43, 0x43, 0, 1, "four"],
  [0x44, 0x44, 0, 1, "eight"],
  [0x45, 0x45, 1, 1, "none"],
  [0x46, 0x4f, 2, 1, "none"],
  [0x50, 0x50, 1, 1, "none"],
  [0x51, 0x66, 2, 1, "none"],
  [0x67, 0x69, 1, 1, "none"],
  [0x6a, 0x78, 2, 1, "none"],
  [0x79, 0x7b, 1, 1, "none"],
  [0x7c, 0x8a, 2, 1, "none"],
  [0x8b, 0x91, 1, 1, "none"],
  [0x92, 0x98, 2, 1, "none"],
  [0x99, 0x9f, 1, 1, "none"],
  [0xa0, 0xa6, 2, 1, "none"],
  [0xa7, 0xc4, 1, 1, "none"],
  [0xd0, 0xd0, 0, 1, "index"],
  [0xd1, 0xd1, 1, 1, "none"],
  [0xd2, 0xd2, 0, 1, "index"],
];
/** The same behind the prefix 0xfc, with the number of indexes that follow. */
const numericRanges: readonly (readonly [from: number, to: number, pops: number, pushes: number, indexes: number])[] = [
  [0, 7, 1, 1, 0],
  [8, 8, 3, 0, 2],
  [9, 9, 0, 0, 1],
  [10, 10, 3, 0, 2],
  [11, 11, 3, 0, 1],
  [12, 12, 3, 0, 2],
  [13, 13, 0, 0, 1],
  [14, 14, 3, 0, 2],
  [15, 15, 2, 1, 1],
  [16, 16, 0, 1, 1],
  [17, 17, 3, 0, 1],
];

type Row = { pops: number; pushes: number; immediates: Immediates | number };
function rowsOf(of: readonly (readonly [number, number, number, number, Immediates | number])[]): (Row | undefined)[] {
  const rows: (Row | undefined)[] = [];
  for (const [from, to, pops, pushes, immediates] of of)
    for (let code = from; code <= to; code += 1) rows[code] = { pops, pushes, immediates };
  return rows;
}
const plainRows = rowsOf(ranges);
const numericRows = rowsOf(numericRanges);

/** One instruction as it stands in code. */
export interface Instruction {
  opcode: number;
  /** What follows the prefix 0xfc; its first index otherwise (a label, a function, a type). */
  index: number;
  pops: number;
  pushes: number;
  /** Of a block: its type as it is written, a value type or an index of types. */
  blockType?: { isIndex: boolean; value: number };
}

/** Most targets of one jump table, and most types a `select` names. */
const MAX_TARGETS = 65_536;

/**
 * Reads the instruction a reader stands at.
 * @throws {StoaError} `invalid_artifact` for one that can give different results on different machines, or is not known
 */
export function readInstruction(reader: WasmReader): Instruction {
  const at = reader.offset;
  const opcode = reader.byte();
  if (opcode === OP.vector)
    return refuse(`there is a vector instruction at byte ${at}; a deterministic agent is built without SIMD`);
  const isNumeric = opcode === OP.numeric;
  const code = isNumeric ? reader.u32() : opcode;
  const row = (isNumeric ? numericRows : plainRows)[code];
  if (!row) return refuse(`the instruction 0x${opcode.toString(16)} at byte ${at} is not one of WebAssembly 2.0`);
  const instruction: Instruction = { opcode, index: code, pops: row.pops, pushes: row.pushes };
  if (typeof row.immediates === "number") for (let left = row.immediates; left > 0; left -= 1) reader.u32();
  else readImmediates(reader, row.immediates, instruction);
  return instruction;
}

function readImmediates(reader: WasmReader, kind: Immediates, instruction: Instruction): void {
  switch (kind) {
    case "none":
      return;
    case "index":
      instruction.index = reader.u32();
      return;
    case "leb":
      return reader.skipLeb();
    case "memory":
      // Flags from 64 up name another memory than the first.
      if (reader.u32() >= 64) refuse(`an access before byte ${reader.offset} names a memory`);
      reader.u32();
      return;
    case "four":
      return reader.skip(4);
    case "eight":
      return reader.skip(8);
    case "zero":
      if (reader.byte() !== 0) refuse(`an instruction before byte ${reader.offset} names another memory`);
      return;
    case "call":
      instruction.index = reader.u32();
      reader.u32();
      return;
    case "types":
      reader.skip(boundTargets(reader));
      return;
    case "block":
      instruction.blockType = readBlockType(reader);
      return;
    case "table":
      for (let left = boundTargets(reader); left > 0; left -= 1) reader.u32();
      reader.u32();
  }
}

function boundTargets(reader: WasmReader): number {
  const count = reader.u32();
  return count > MAX_TARGETS ? refuse(`a list before byte ${reader.offset} has ${count} entries`) : count;
}

function readBlockType(reader: WasmReader): { isIndex: boolean; value: number } {
  const first = reader.peek();
  // The value types and "nothing" are the negative numbers of one byte.
  if (first >= 0x40 && first < 0x80) return { isIndex: false, value: reader.byte() };
  return { isIndex: true, value: reader.u32() };
}
