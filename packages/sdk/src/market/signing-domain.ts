import { type MarketInfo, parseAddress, type SigningDomain } from "@stoa/protocol";

/** What every signature for this market is bound to. */
export function signingDomain(info: MarketInfo): SigningDomain {
  return { chainId: info.chainId, vault: parseAddress(info.vault) };
}
