import type { Chain } from "@stoa/chain";

/** The time of the chain's newest block, in epoch milliseconds. */
export async function chainTime(chain: Chain): Promise<number> {
  const { timestamp } = await chain.client.getBlock({ blockTag: "latest" });
  return Number(timestamp) * 1_000;
}
