import { type Address, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { codeAt } from "../deploy/code-at.ts";
import { isCodeOf } from "../deploy/contract-code.ts";
import { operatorBondsAbi, operatorBondsBytecode, operatorBondsRuntime } from "../generated/operator-bonds.ts";

/**
 * Holds what stands at an address to what it should be before anybody relies on it: the bonds of this vault's operator,
 * byte for byte.
 * @throws {StoaError} `invalid_configuration` when it is something else, or another vault's
 */
export async function requireBonds(chain: Chain, { bonds, vault }: { bonds: Address; vault: Address }): Promise<void> {
  const code = await codeAt(chain, bonds);
  if (!code || !isCodeOf({ bytecode: operatorBondsBytecode, runtime: operatorBondsRuntime }, code)) {
    throw new StoaError("invalid_configuration", `what stands at ${bonds} is not this version's contract of bonds`);
  }
  const call = { address: bonds, abi: operatorBondsAbi, functionName: "vault", args: [] } as const;
  const actual = await readContract(chain, call);
  if (actual.toLowerCase() === vault.toLowerCase()) return;
  throw new StoaError("invalid_configuration", `the bonds at ${bonds} are of the vault ${actual}, expected ${vault}`);
}
