import { StoaError } from "@stoa/protocol";
import { isAddressEqual } from "viem";
import { localAccount } from "../local/local-account.ts";
import { isTestChain } from "./test-chains.ts";

const LOCAL_ACCOUNTS = 10;

/**
 * Refuses accounts whose keys everybody knows, on any chain that is not for tests.
 * @param named accounts by what they are for; what is no address is passed over
 * @throws {StoaError} `invalid_configuration` naming the account
 * @example
 * requireOwnAccounts(8453, { "the operator": operator.address });
 */
export function requireOwnAccounts(chainId: number, named: Readonly<Record<string, unknown>>): void {
  if (isTestChain(chainId)) return;
  const published = Array.from({ length: LOCAL_ACCOUNTS }, (_, index) => localAccount(index).address);
  for (const [name, address] of Object.entries(named)) {
    const isKnown =
      typeof address === "string" && published.some((known) => isAddressEqual(known, address as `0x${string}`));
    if (isKnown)
      throw new StoaError(
        "invalid_configuration",
        `${name} is ${address}, a test account whose key everybody knows: chain ${chainId} is no test chain`,
      );
  }
}
