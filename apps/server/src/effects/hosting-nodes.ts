import type { Address, NodeId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Servers } from "./join-servers.ts";

/** Nodes that are connected, here or to another server, and host an active agent with the capability. */
export async function hostingNodes(
  { database, hub, servers }: Pick<EffectContext, "database" | "hub"> & { servers: Servers },
  capability: string,
): Promise<Address[]> {
  const rows = await database.query<{ node: NodeId; server: string }>(
    `select id as node, server_id as server from nodes
      where online and server_id = any($1::text[]) and agents && array(
        select version_id from agents where state = 'active' and capabilities @> array[$2::text])
      order by id`,
    [servers.ids(), capability],
  );
  // Of its own nodes a server knows more: one whose stream broke, and that may come back, is not asked.
  return rows.filter(({ node, server }) => server !== servers.id || hub.isConnected(node)).map(({ node }) => node);
}

/** Capabilities with tasks to offer. */
export async function waitingCapabilities({
  database,
  market,
}: Pick<EffectContext, "database" | "market">): Promise<string[]> {
  const rows = await database.query<{ capability: string }>(
    "select distinct capability from tasks where state = 'open' and (not_before is null or not_before <= $1::timestamptz)",
    [new Date(market.now()).toISOString()],
  );
  return rows.map(({ capability }) => capability);
}
