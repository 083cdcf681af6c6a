import type { Address } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** Marks a node that is gone, and says why. */
export function markNodeOffline(context: MarketContext, request: { node: Address; reason: string }): Promise<void> {
  const { node, reason } = request;
  let online = false;
  return context.lane.run({
    name: "mark-node-offline",
    owns: [`node:${node}`],
    async load(tx) {
      online = (await tx.query("select 1 from nodes where id = $1 and online", [node])).length > 0;
    },
    decide(set) {
      if (!online) return;
      set.defer((tx) =>
        tx.query("update nodes set online = false, seen_at = $2::timestamptz where id = $1", [
          node,
          new Date(set.now).toISOString(),
        ]),
      );
      set.emit({ type: "node.offline", audience: null, data: { node, reason } });
    },
  });
}
