import { expect, it } from "vitest";
import { type CompiledContract, compileSources } from "./compile-sources.ts";
import { findRefusedOpcodes } from "./refused-opcodes.ts";

/** A contract of these instructions, with data behind them. */
function contractOf(code: string, { data = "", creation = "00" } = {}): CompiledContract {
  const pushes = (bytes: Buffer) => {
    let count = 0;
    for (let at = 0; at < bytes.length; count += 1) {
      const opcode = bytes[at] ?? 0;
      at += opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5e : 1;
    }
    return count;
  };
  const runtime = `0x${code}${data}` as const;
  return {
    abi: [],
    bytecode: `0x${creation}${code}${data}`,
    runtime,
    deployedBytes: runtime.length / 2 - 1,
    instructions: pushes(Buffer.from(code, "hex")),
    immutables: [],
  };
}

const refusedOf = (contract: CompiledContract) => findRefusedOpcodes("X.sol", contract);

it.each([
  ["BLOCKHASH", "5f40"],
  ["PREVRANDAO", "44"],
  ["BLOBHASH", "5f49"],
  ["BLOBBASEFEE", "4a"],
  ["CREATE", "5f5f5ff0"],
  ["CALLCODE", "f2"],
  ["CREATE2", "f5"],
  ["SELFDESTRUCT", "5fff"],
])("refuses %s, which not every chain executes alike", (name, code) => {
  expect(refusedOf(contractOf(code))).toEqual([expect.stringContaining(`deployed code, byte ${code.length / 2 - 1}`)]);
  expect(refusedOf(contractOf(code))).toEqual([expect.stringContaining(name)]);
});

it.each(["0c", "1e", "21", "4b", "a5", "ef", "f6", "fb"])("refuses 0x%s, which Cancun does not have", (code) => {
  expect(refusedOf(contractOf(code))).toEqual([expect.stringContaining(`0x${code} is no opcode of Cancun`)]);
});

it("takes transient storage, memory copies and PUSH0", () => {
  expect(refusedOf(contractOf("5f5c5f5f5d5f5f5f5e00"))).toEqual([]);
});

it("reads what a push carries, and what follows the last instruction, as data", () => {
  expect(refusedOf(contractOf("60ff61494a00"))).toEqual([]);
  expect(refusedOf(contractOf(`7f${"ff".repeat(32)}00`))).toEqual([]);
  expect(refusedOf(contractOf("00fe", { data: "ff494a" }))).toEqual([]);
  // One byte less pushed, and the same bytes are code.
  expect(refusedOf(contractOf("60ffff00"))).toEqual([expect.stringContaining("byte 2: SELFDESTRUCT")]);
});

it("walks the code that creates the contract too", () => {
  expect(refusedOf(contractOf("00", { creation: "5fff" }))).toEqual([expect.stringContaining("creation code, byte 1")]);
});

it("finds a blob's hash in a compiled contract, and nothing in one whose data only looks like it", () => {
  const [unportable, portable] = ["Unportable", "Portable"].map((name) => `contracts/test/harness/${name}Harness.sol`);
  const compiled = compileSources([unportable!, portable!]);
  expect(findRefusedOpcodes(unportable!, compiled.get(unportable!)!)).toEqual([expect.stringContaining("BLOBHASH")]);
  const { runtime, immutables } = compiled.get(portable!)!;
  expect(runtime).toContain("494affff404449f0f5494affff404449f0f5");
  expect(immutables).not.toEqual([]);
  expect(findRefusedOpcodes(portable!, compiled.get(portable!)!)).toEqual([]);
});
