import type { NodeId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Servers } from "./join-servers.ts";
import { repeat, type Repeated } from "./repeat.ts";

const EVERY_MS = 2_000;

type HoldContext = Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal"> & { servers: Servers };

/**
 * Has the database say of every node connected here that it is: one that was dropped while its server was taken for
 * gone, by a machine that stood still for seconds, would never be asked again otherwise.
 */
export function holdNodes({ database, market, hub, servers, ...context }: HoldContext): Repeated {
  return repeat({ name: "held nodes", everyMs: EVERY_MS, ...context }, async () => {
    const connected = [...hub.online().keys()].filter((node) => hub.isConnected(node));
    const astray = await database.query<{ id: NodeId }>(
      `select id from nodes where id = any($1::text[])
          and (not online or server_id is null or server_id <> all($2::text[]))`,
      [connected, servers.ids()],
    );
    for (const { id } of astray) {
      if (!hub.isConnected(id)) continue;
      await market.holdNode({ node: id, server: servers.id });
      context.log.warn({ node: id }, "a node was taken for gone while it was connected");
    }
  });
}
