import { allowedCalls, type JudgedCall, judgedCalls } from "./system-calls.ts";

/** Architectures whose numbers of system calls are known: their place in the tables, and the kernel's name for them. */
const architectures = {
  x64: { column: 0, audit: 0xc000_003e },
  arm64: { column: 1, audit: 0xc000_00b7 },
} as const;
type Architecture = keyof typeof architectures;

/** Instructions of classic BPF, and what a seccomp filter returns. */
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_SET = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const FAIL_WITH = 0x0005_0000;
const ENOSYS = 38;

/** Where `struct seccomp_data` has them, on little-endian machines. */
const NUMBER = 0;
const AUDIT_ARCHITECTURE = 4;
const argumentAt = (index: number) => 16 + 8 * index;

interface Instruction {
  code: number;
  /** Instructions to skip when the condition holds, and when it does not. */
  jumpTrue?: number;
  jumpFalse?: number;
  value: number;
}

const load = (offset: number): Instruction => ({ code: LOAD_WORD, value: offset });
const give = (value: number): Instruction => ({ code: RETURN, value });
/** Goes on with the next instruction when equal, and past it otherwise. */
const whenEqual = (value: number): Instruction => ({ code: JUMP_IF_EQUAL, jumpFalse: 1, value });
const whenSet = (bit: number): Instruction => ({ code: JUMP_IF_SET, jumpFalse: 1, value: bit });

function judge({ argument, bit, values, errno }: JudgedCall): Instruction[] {
  const tests = [...(bit === undefined ? [] : [whenSet(bit)]), ...(values ?? []).map(whenEqual)];
  return [
    // The low half; the kernel takes no more of any of these.
    load(argumentAt(argument)),
    ...tests.flatMap((test) => [test, give(ALLOW)]),
    give(FAIL_WITH | errno),
  ];
}

/**
 * A seccomp filter for sandbox processes: what they need is allowed, everything else fails as if the kernel had no such
 * call, by which libraries fall back on older ones. Calls of another architecture's numbers kill the process.
 * @returns the program as `struct sock_filter`s, eight bytes each; undefined on other architectures
 * @see https://docs.kernel.org/userspace-api/seccomp_filter.html
 */
export function systemCallFilter(architecture: string = process.arch): Buffer | undefined {
  if (!Object.hasOwn(architectures, architecture)) return undefined;
  const { column, audit } = architectures[architecture as Architecture];
  const program: Instruction[] = [
    load(AUDIT_ARCHITECTURE),
    { code: JUMP_IF_EQUAL, jumpTrue: 1, value: audit },
    give(KILL_PROCESS),
    load(NUMBER),
  ];
  for (const numbers of Object.values(allowedCalls)) {
    const number = numbers[column];
    if (number !== null) program.push(whenEqual(number), give(ALLOW));
  }
  for (const call of judgedCalls) {
    const number = call.numbers[column];
    const judged = judge(call);
    if (number !== null) program.push({ code: JUMP_IF_EQUAL, jumpFalse: judged.length, value: number }, ...judged);
  }
  program.push(give(FAIL_WITH | ENOSYS));
  return assemble(program);
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [at, { code, jumpTrue = 0, jumpFalse = 0, value }] of program.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(jumpTrue, at * 8 + 2);
    bytes.writeUInt8(jumpFalse, at * 8 + 3);
    bytes.writeUInt32LE(value, at * 8 + 4);
  }
  return bytes;
}
