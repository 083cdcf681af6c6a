import type { MarketInfo } from "@stoa/protocol";

/** The chain's usual id on a developer's machine. */
const LOCAL_CHAIN = 31_337;

/** Whether a stranger may try the market with test money: only a local chain makes it for whoever asks. */
export function hasGuests(market: Pick<MarketInfo, "chainId" | "rpcUrl"> | undefined): boolean {
  return market?.chainId === LOCAL_CHAIN && market.rpcUrl !== undefined;
}
