import type { MarketEvents } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** Puts how the market stands into its log, for those who follow it. */
export function tellNetwork({ lane }: MarketContext, stats: MarketEvents["network.told"]): Promise<void> {
  return lane.run({
    name: "tell-network",
    decide: (set) => set.emit({ type: "network.told", audience: null, data: stats }),
  });
}
