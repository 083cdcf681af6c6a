import { isAddress, isAddressEqual } from "viem";
import { type Address, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { isCodeOf } from "./contract-code.ts";
import { namedAddress } from "./deployment-parameters.ts";
import type { SuiteContract, World } from "./suite/suite-contract.ts";

/**
 * Holds what stands at a contract's address to what should: its code, and what it answers.
 * @param isNew whether what governance may change must still be as it was deployed
 * @throws {StoaError} `invalid_configuration` with what differs
 */
export async function verifyContract(
  chain: Chain,
  { contract, world }: { contract: SuiteContract; world: World },
  isNew: boolean,
): Promise<void> {
  const { name, abi } = contract;
  const address = world.at[name];
  const code = await chain.client.getCode({ address }).catch((cause: unknown) => {
    throw toChainError(cause, `looking for the ${name}`);
  });
  if (!code) {
    throw new StoaError(
      "invalid_configuration",
      `the ${name} should be at ${address}, but chain ${chain.chainId} has nothing there: it is another chain, or its state was lost`,
    );
  }
  if (namedAddress(world.given, name) !== undefined) return;
  if (!isCodeOf(contract, code)) {
    throw new StoaError(
      "invalid_configuration",
      `what stands at ${address} is not this version's ${name}: its code differs`,
    );
  }
  const expected = { ...contract.fixed(world), ...(isNew ? contract.initial(world) : {}) };
  await Promise.all(
    Object.entries(expected).map(async ([view, value]) => {
      const actual = await readContract(chain, { address, abi, functionName: view, args: [] });
      requireSame(`the ${name} at ${address}`, view, actual, value);
    }),
  );
}

/** Compares a view's answer, field by field when it is a structure. */
function requireSame(whose: string, name: string, actual: unknown, expected: unknown): void {
  if (typeof expected === "object" && expected !== null) {
    const fields = actual as Record<string, unknown>;
    for (const [field, value] of Object.entries(expected)) requireSame(whose, field, fields[field], value);
    return;
  }
  if (isSame(actual, expected)) return;
  throw new StoaError(
    "invalid_configuration",
    `${whose} has ${name} ${String(actual)}, configured is ${String(expected)}`,
  );
}

function isSame(actual: unknown, expected: unknown): boolean {
  const isAnAddress = (value: unknown): value is Address => typeof value === "string" && isAddress(value);
  if (isAnAddress(actual) && isAnAddress(expected)) return isAddressEqual(actual, expected);
  return String(actual) === String(expected);
}
