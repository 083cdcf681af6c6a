import { type MarketInfo, StoaError } from "@stoa/protocol";
import type { Terms } from "./terms.ts";

/**
 * Checks that a server still is the market this node's link and signatures are for.
 * @throws {StoaError} `invalid_configuration` naming the market that is there now
 */
export function requireSameMarket(market: MarketInfo, terms: Terms, url: string): void {
  const { chainId, vault, operator } = market;
  const isSame =
    chainId === terms.domain.chainId &&
    vault.toLowerCase() === terms.domain.vault.toLowerCase() &&
    operator.toLowerCase() === terms.operator.toLowerCase();
  if (isSame) return;
  throw new StoaError(
    "invalid_configuration",
    `${url} is another market now (chain ${chainId}, vault ${vault}, operator ${operator}): start the node anew with a link for it`,
  );
}
