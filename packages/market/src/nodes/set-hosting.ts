import type { Address } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** Records what a node hosts and how many slots it has now. */
export function setHosting(
  context: MarketContext,
  request: { node: Address; slots: number; agents: readonly string[] },
): Promise<void> {
  const { node, slots, agents } = request;
  return context.lane.run({
    name: "set-hosting",
    owns: [`node:${node}`],
    decide: (set) =>
      set.defer((tx) =>
        tx.query("update nodes set slots = $2, agents = $3::text[] where id = $1", [node, slots, agents]),
      ),
  });
}
