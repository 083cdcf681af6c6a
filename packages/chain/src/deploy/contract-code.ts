import { type Hex, hexToBytes, size, slice } from "viem";
import type { RuntimePlace, SuiteContract } from "./suite/suite-contract.ts";

/**
 * Whether the code that stands somewhere is a contract's own, whatever its immutables are.
 * @example
 * isCodeOf(vaultDefinition, await client.getCode({ address }))
 */
export function isCodeOf({ bytecode, runtime }: Pick<SuiteContract, "bytecode" | "runtime">, found: Hex): boolean {
  if (size(found) !== runtime.length) return false;
  const built = slice(bytecode, runtime.start, runtime.start + runtime.length);
  return Buffer.compare(masked(built, runtime), masked(found, runtime)) === 0;
}

function masked(code: Hex, { immutables }: RuntimePlace): Uint8Array {
  const bytes = hexToBytes(code);
  for (const [start, length] of immutables) bytes.fill(0, start, start + length);
  return bytes;
}
