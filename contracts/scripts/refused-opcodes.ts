import type { CompiledContract } from "./compile-sources.ts";

/**
 * What Base, Polkadot Hub (pallet-revive's EVM) and Aurora (engine 3.7 and later) all execute is Cancun without these.
 * Sources: docs/decisions/0011-cancun-on-every-chain.md.
 */
const REFUSED: Readonly<Record<number, readonly [name: string, why: string]>> = {
  0x40: ["BLOCKHASH", "Aurora computes it from the height: everybody knows it in advance"],
  0x44: ["PREVRANDAO", "a constant on Polkadot Hub, zero on Aurora"],
  0x49: ["BLOBHASH", "Polkadot Hub halts"],
  0x4a: ["BLOBBASEFEE", "Polkadot Hub halts"],
  0xf0: ["CREATE", "deploys code that nobody has walked"],
  0xf2: ["CALLCODE", "obsolete"],
  0xf5: ["CREATE2", "deploys code that nobody has walked"],
  0xff: ["SELFDESTRUCT", "does not mean the same on every chain"],
};

/** Opcodes up to the Cancun fork, first and last of each row. */
const CANCUN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x0b],
  [0x10, 0x1d],
  [0x20, 0x20],
  [0x30, 0x4a],
  [0x50, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xff],
];

/** Refused opcodes that a contract uses all the same, each with the reason why that is sound on every chain. */
const ACCEPTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "contracts/src/Court.sol": {
    BLOCKHASH: "the seed of a draw; not to be deployed where it is known in advance (IArbitrators)",
  },
  "contracts/src/accounts/AccountFactory.sol": {
    CREATE: "its constructor makes OwnedAccount.sol, which is walked for itself",
    CREATE2: "makes clones of that, whose code is OpenZeppelin's 45 bytes and the owner",
  },
  "contracts/src/Vault.sol": { CREATE: "its constructor makes Nodes.sol, which is walked for itself" },
};

const [PUSH1, PUSH32] = [0x60, 0x7f];

/**
 * Walks a contract's code, what creates it and what stands on chain afterwards, and names what some chain would not
 * execute as the others do. What a push carries is data, and so is what follows the last instruction.
 * @param source the contract's file, for what is accepted of it
 * @returns a line for each refused opcode, with where it was found first; empty when every chain takes the contract
 */
export function findRefusedOpcodes(source: string, contract: CompiledContract): string[] {
  const creation = Buffer.from(contract.bytecode.slice(2), "hex");
  const runtime = Buffer.from(contract.runtime.slice(2), "hex");
  const runtimeAt = creation.indexOf(runtime);
  if (runtimeAt < 0) throw new Error(`${source}: its creation code does not carry its deployed code`);
  return [
    ...walk(source, "creation code", creation.subarray(0, runtimeAt), Infinity),
    ...walk(source, "deployed code", runtime, contract.instructions),
  ];
}

function walk(source: string, part: string, code: Uint8Array, instructions: number): string[] {
  const found = new Map<number, string>();
  let at = 0;
  for (let count = 0; count < instructions && at < code.length; count += 1) {
    const opcode = code[at] ?? 0;
    const problem = problemOf(source, opcode);
    if (problem !== null && !found.has(opcode)) found.set(opcode, `${source}: ${part}, byte ${at}: ${problem}`);
    at += opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 2 : 1;
  }
  return [...found.values()];
}

function problemOf(source: string, opcode: number): string | null {
  if (!CANCUN.some(([first, last]) => opcode >= first && opcode <= last)) {
    return `0x${opcode.toString(16).padStart(2, "0")} is no opcode of Cancun`;
  }
  const refused = REFUSED[opcode];
  if (!refused) return null;
  const [name, why] = refused;
  return ACCEPTED[source]?.[name] === undefined ? `${name}: ${why}` : null;
}
