import type { Address } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

interface Known {
  provider: Address;
  slots: number;
  online: boolean;
  server: string | null;
}

/** Puts right what is known of a node whose stream a server holds, when it was taken for gone meanwhile. */
export function holdNode(context: MarketContext, request: { node: Address; server: string }): Promise<void> {
  const { node, server } = request;
  let known: Known | undefined;
  return context.lane.run({
    name: "hold-node",
    owns: [`node:${node}`],
    async load(tx) {
      [known] = await tx.query<Known>("select provider, slots, online, server_id as server from nodes where id = $1", [
        node,
      ]);
    },
    decide(set) {
      if (!known || (known.online && known.server === server)) return;
      set.defer((tx) =>
        tx.query("update nodes set online = true, server_id = $2, seen_at = $3::timestamptz where id = $1", [
          node,
          server,
          new Date(set.now).toISOString(),
        ]),
      );
      if (!known.online) {
        const { provider, slots } = known;
        set.emit({ type: "node.online", audience: null, data: { node, provider, slots } });
      }
    },
  });
}
