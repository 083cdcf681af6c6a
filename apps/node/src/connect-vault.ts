import { vaultBalance, vaultParameters } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import { openChain } from "./open-chain.ts";
import type { Terms } from "./terms.ts";

/**
 * How a node sees what a requester has in the vault, pending withdrawals included because a settlement reaches
 * them: by the chain when an RPC is configured. When the RPC is away it says so and leaves it at the operator's
 * signed hold, whose bond covers a shortfall: an award must not be lost over an RPC.
 * @returns a reader that gives null when the vault cannot be read, or no RPC is configured
 * @throws {StoaError} `invalid_configuration` when the RPC is of another chain, or the vault of another operator
 */
export async function connectVault(
  rpcUrl: string | null,
  terms: Pick<Terms, "domain" | "token" | "operator">,
  log: Logger,
): Promise<(requester: Address) => Promise<bigint | null>> {
  if (rpcUrl === null) return async () => null;
  const { chainId, vault } = terms.domain;
  const ask = openChain({ rpcUrl, chainId }, log, "the vault cannot be read; the operator's signed hold is trusted");
  const found = await ask((chain) => vaultParameters(chain, vault));
  if (found && found.operator !== terms.operator) {
    throw new StoaError(
      "invalid_configuration",
      `the market names ${terms.operator} as its operator, its vault ${vault} is ${found.operator}'s`,
    );
  }
  return async (requester) => {
    const balance = await ask((chain) => vaultBalance(chain, vault, requester, terms.token));
    return balance && balance.available + balance.withdrawing;
  };
}
