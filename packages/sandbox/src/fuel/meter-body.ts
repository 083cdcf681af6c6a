import { I32, type WasmSignature } from "../admission/wasm-abi.ts";
import type { WasmReader } from "../admission/wasm-reader.ts";
import { MAX_STACK_SLOTS } from "../frames/metering.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type BlockArity, ControlStack } from "./control-stack.ts";
import { BULK, type Instruction, OP, readInstruction } from "./instruction.ts";

/** The module around a function's body. */
export interface ModuleAround {
  types: readonly WasmSignature[];
  /** The type of a function by its index, imports first. */
  functionType(index: number): WasmSignature;
  importedFunctions: number;
  /** The globals that hold what is left, and how deep calls are. */
  fuelGlobal: number;
  depthGlobal: number;
  /** The block type that takes nothing and gives a function's results, as it is written. */
  resultType(signature: WasmSignature): number;
}

/** Fuel a call to the host costs, beside the bytes it moves: it leaves compiled code. */
const HOST_CALL_COST = 100;
/** Slots of eight bytes a call takes on the machine's stack beside its operands: what it returns to, saved registers. */
const FRAME_SLOTS = 16;

const EMPTY_BLOCK = 0x40;
const F32 = 0x7d;
const F64 = 0x7c;
const QUIET_NAN = {
  [F32]: [OP.f32Const, 0, 0, 0xc0, 0x7f],
  [F64]: [OP.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
} as const;

/** Words that only give code its structure are free. */
const FREE: ReadonlySet<number> = new Set([OP.nop, OP.block, OP.loop, OP.else, OP.end]);
/** Behind these a new run of instructions begins: control may have come from elsewhere, or not gone on. */
const BOUNDARIES: ReadonlySet<number> = new Set([
  OP.loop,
  OP.if,
  OP.else,
  OP.end,
  OP.br,
  OP.brIf,
  OP.brTable,
  OP.return,
  OP.unreachable,
]);

/** How the number on the stack becomes fuel: 8 bytes, or an entry of a table, cost 1. */
const bulkShift: Readonly<Record<number, number>> = {
  [BULK.memoryInit]: -3,
  [BULK.memoryCopy]: -3,
  [BULK.memoryFill]: -3,
  [BULK.tableInit]: 0,
  [BULK.tableCopy]: 0,
  [BULK.tableFill]: 0,
  [BULK.tableGrow]: 0,
};
/** A page has 65,536 bytes. */
const GROW_SHIFT = 13;

/** The type an instruction computes in when its result may be a NaN of any bits, which differ between machines. */
function floatOf(opcode: number): typeof F32 | typeof F64 | undefined {
  // Arithmetic without abs, neg and copysign, which only move bits; and the two conversions between floats.
  if ((opcode >= 0x8d && opcode <= 0x97) || opcode === 0xb6) return F32;
  if ((opcode >= 0x9b && opcode <= 0xa5) || opcode === 0xbb) return F64;
  return undefined;
}

/**
 * Rewrites a function's body so that it pays for what it does and gives the same on every machine: every run of
 * instructions without a branch takes its number from the fuel before it begins, work by size takes its size, calls
 * count the stack they take, and a NaN that was computed is always the same one.
 *
 * The reader stands behind the body's length; `end` is where the body ends.
 * @see https://github.com/paritytech/wasm-instrument for the same two counters
 */
export function meterBody(
  source: Uint8Array,
  reader: WasmReader,
  end: number,
  signature: WasmSignature,
  around: ModuleAround,
): Uint8Array {
  const groups: [count: number, type: number][] = [];
  for (let left = reader.u32(); left > 0; left -= 1) groups.push([reader.u32(), reader.byte()]);
  const declared = groups.reduce((sum, [count]) => sum + count, 0);
  const locals = signature.params.length + declared;
  const temporaries = new Map<number, number>();
  const temporary = (type: number) => {
    if (!temporaries.has(type)) temporaries.set(type, locals + temporaries.size);
    return temporaries.get(type)!;
  };

  const stack = new ControlStack(signature.results.length);
  const code = new ByteWriter();
  const run = new ByteWriter();
  // Locals are set to zero at every call.
  let cost = 1 + declared;

  function endRun(): void {
    if (cost > 0) {
      code.byte(OP.globalGet).unsigned(around.fuelGlobal).byte(OP.i64Const).signed(cost);
      writePayment(code, around.fuelGlobal);
    }
    code.bytes(run.written());
    run.clear();
    cost = 0;
  }

  while (reader.offset < end) {
    const start = reader.offset;
    const instruction = readInstruction(reader);
    const { opcode } = instruction;
    stack.pass(withCallEffect(instruction, around), arityOf(instruction, around));
    cost += costOf(instruction, around);
    const shift =
      opcode === OP.memoryGrow ? GROW_SHIFT : opcode === OP.numeric ? bulkShift[instruction.index] : undefined;
    if (shift !== undefined) writeBulkPayment(run, temporary(I32), shift, around.fuelGlobal);
    // A return leaves by the end of the body, where the call's stack is given back.
    if (opcode === OP.return) run.byte(OP.br).unsigned(stack.depth - 1);
    else run.bytes(source.subarray(start, reader.offset));
    const float = floatOf(opcode);
    if (float !== undefined) writeCanonical(run, float, temporary(float));
    if (BOUNDARIES.has(opcode)) endRun();
  }

  const slots = FRAME_SLOTS + locals + stack.most + temporaries.size;
  const body = new ByteWriter();
  body.unsigned(groups.length + temporaries.size);
  for (const [count, type] of groups) body.unsigned(count).byte(type);
  for (const type of temporaries.keys()) body.unsigned(1).byte(type);
  writeEntry(body, slots, around.depthGlobal);
  body.byte(OP.block).signed(around.resultType(signature));
  // The last `end` of the body closes the block.
  body.bytes(code.written());
  body.byte(OP.globalGet).unsigned(around.depthGlobal).byte(OP.i32Const).signed(slots);
  body.byte(OP.i32Sub).byte(OP.globalSet).unsigned(around.depthGlobal).byte(OP.end);
  return body.written();
}

/** On the stack are the fuel and what is to be paid of it. */
function writePayment(code: ByteWriter, fuelGlobal: number): void {
  code.byte(OP.i64Sub).byte(OP.globalSet).unsigned(fuelGlobal);
  code.byte(OP.globalGet).unsigned(fuelGlobal).byte(OP.i64Const).signed(0);
  code.bytes([OP.i64LessSigned, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end]);
}

/** On top of the stack is the size of the work that comes next; it is left there. */
function writeBulkPayment(code: ByteWriter, size: number, shift: number, fuelGlobal: number): void {
  code.byte(OP.localTee).unsigned(size).byte(OP.globalGet).unsigned(fuelGlobal);
  code.byte(OP.localGet).unsigned(size).byte(OP.i64ExtendUnsigned);
  code
    .byte(OP.i64Const)
    .signed(Math.abs(shift))
    .byte(shift < 0 ? OP.i64ShiftRightUnsigned : OP.i64ShiftLeft);
  writePayment(code, fuelGlobal);
}

/** On top of the stack is a float; when it is a NaN, the one quiet NaN takes its place. */
function writeCanonical(code: ByteWriter, type: typeof F32 | typeof F64, local: number): void {
  code.byte(OP.localTee).unsigned(local).bytes(QUIET_NAN[type]);
  code.byte(OP.localGet).unsigned(local).byte(OP.localGet).unsigned(local);
  code.byte(type === F32 ? OP.f32Equal : OP.f64Equal).byte(OP.select);
}

function writeEntry(code: ByteWriter, slots: number, depthGlobal: number): void {
  code.byte(OP.globalGet).unsigned(depthGlobal).byte(OP.i32Const).signed(slots);
  code.byte(OP.i32Add).byte(OP.globalSet).unsigned(depthGlobal);
  code.byte(OP.globalGet).unsigned(depthGlobal).byte(OP.i32Const).signed(MAX_STACK_SLOTS);
  code.bytes([OP.i32GreaterUnsigned, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end]);
}

function costOf({ opcode, index }: Instruction, { importedFunctions }: ModuleAround): number {
  if (FREE.has(opcode)) return 0;
  return opcode === OP.call && index < importedFunctions ? HOST_CALL_COST : 1;
}

function withCallEffect(instruction: Instruction, around: ModuleAround): Instruction {
  const { opcode, index, pops } = instruction;
  if (opcode !== OP.call && opcode !== OP.callIndirect) return instruction;
  const { params, results } = opcode === OP.call ? around.functionType(index) : around.types[index]!;
  return { ...instruction, pops: pops + params.length, pushes: results.length };
}

function arityOf({ blockType }: Instruction, { types }: ModuleAround): BlockArity | undefined {
  if (!blockType) return undefined;
  if (!blockType.isIndex) return { params: 0, results: blockType.value === EMPTY_BLOCK ? 0 : 1 };
  const { params, results } = types[blockType.value]!;
  return { params: params.length, results: results.length };
}
