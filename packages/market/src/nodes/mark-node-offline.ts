import type { Address } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

export interface MarkNodeOffline {
  node: Address;
  reason: string;
  /** The server process that lost it: a node that has come back through another since is left alone. Absent, any. */
  server?: string | null | undefined;
}

/**
 * Marks a node that is gone, and says why.
 * @returns whether it was online until now
 */
export function markNodeOffline(context: MarketContext, request: MarkNodeOffline): Promise<boolean> {
  const { node, reason, server } = request;
  let online = false;
  return context.lane.run({
    name: "mark-node-offline",
    owns: [`node:${node}`],
    async load(tx) {
      const [row] = await tx.query<{ server: string | null }>(
        "select server_id as server from nodes where id = $1 and online",
        [node],
      );
      online = row !== undefined && (server === undefined || row.server === server);
    },
    decide(set) {
      if (!online) return false;
      set.defer((tx) =>
        tx.query("update nodes set online = false, seen_at = $2::timestamptz where id = $1", [
          node,
          new Date(set.now).toISOString(),
        ]),
      );
      set.emit({ type: "node.offline", audience: null, data: { node, reason } });
      return true;
    },
  });
}
