import { describe, expect, test } from "vitest";
import { systemCallFilter } from "./system-call-filter.ts";
import { allowedCalls } from "./system-calls.ts";

const ALLOW = "allow";
const errors: Readonly<Record<number, string>> = { 1: "EPERM", 25: "ENOTTY", 38: "ENOSYS" };

/** What the kernel does with a call, by the rules of classic BPF that the filter uses. */
function judge(program: Buffer, audit: number, number: number, args: number[] = []): string {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, at) => data.writeBigUInt64LE(BigInt(value), 16 + 8 * at));
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const code = program.readUInt16LE(at);
    const value = program.readUInt32LE(at + 4);
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x06) {
      if (value === 0x7fff_0000) return ALLOW;
      return value === 0x8000_0000 ? "kill" : errors[value & 0xffff]!;
    } else {
      const holds = code === 0x15 ? accumulator === value : (accumulator & value) !== 0;
      at += 8 * program.readUInt8(at + (holds ? 2 : 3));
    }
  }
  throw new Error("the program has no end");
}

const X64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;

describe("the filter of system calls", () => {
  test.each([
    ["x64", X64, 0],
    ["arm64", ARM64, 1],
  ] as const)("allows on %s what stands in its table, and no call twice", (architecture, audit, column) => {
    const program = systemCallFilter(architecture)!;
    const numbers = Object.values(allowedCalls).flatMap((call) => call[column] ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(judge(program, audit, number)).toBe(ALLOW);
    const others = Array.from({ length: 600 }, (_, number) => number).filter((number) => !numbers.includes(number));
    expect(others.filter((number) => judge(program, audit, number) === ALLOW)).toEqual([]);
  });

  test.each([
    ["x64", X64, [41, 57, 101, 425]],
    ["arm64", ARM64, [198, 281, 117, 425]],
  ] as const)("has no sockets, programs, tracing or rings on %s", (architecture, audit, numbers) => {
    for (const number of numbers) expect(judge(systemCallFilter(architecture)!, audit, number)).toBe("ENOSYS");
  });

  test("lets clone make threads, and nothing else", () => {
    const program = systemCallFilter("x64")!;
    const [thread, fork, newUser] = [0x3d0f00, 17, 0x10000000];
    expect([thread, fork, newUser].map((flags) => judge(program, X64, 56, [flags]))).toEqual([ALLOW, "EPERM", "EPERM"]);
  });

  test("lets ioctl and prctl do what is harmless", () => {
    const program = systemCallFilter("arm64")!;
    const [nonBlocking, typeInto] = [0x5421, 0x5412];
    expect([nonBlocking, typeInto].map((request) => judge(program, ARM64, 29, [3, request]))).toEqual([
      ALLOW,
      "ENOTTY",
    ]);
    const [setName, setSeccomp] = [15, 22];
    expect([setName, setSeccomp].map((option) => judge(program, ARM64, 167, [option]))).toEqual([ALLOW, "EPERM"]);
  });

  test("ends a process that calls by another architecture's numbers, and has none for others", () => {
    expect(judge(systemCallFilter("x64")!, 0x4000_0003, 4)).toBe("kill");
    expect(judge(systemCallFilter("x64")!, X64, 0x4000_0000)).toBe("ENOSYS");
    expect(systemCallFilter("s390x")).toBeUndefined();
  });
});
