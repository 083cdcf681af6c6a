import { type MarketInfo, StoaError } from "@stoa/protocol";
import type { MarketApi } from "./market-api.ts";

/**
 * Gives the addresses a node may dial: what its server says, and while that one is away what it said last. A market can
 * have several servers, and the others still serve the node.
 * @param check throws when the server is another market's
 */
export function marketAddresses(api: Pick<MarketApi, "market">, check: (market: MarketInfo) => void) {
  let known: readonly string[] = [];
  return async (): Promise<readonly string[]> => {
    try {
      const market = await api.market();
      check(market);
      known = market.network.addresses;
    } catch (error) {
      const isAway = error instanceof StoaError && error.definition.kind === "retry";
      if (!isAway || known.length === 0) throw error;
    }
    return known;
  };
}
