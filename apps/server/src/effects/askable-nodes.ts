import type { Address, NodeId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Servers } from "./join-servers.ts";

export type AskableContext = Pick<EffectContext, "database" | "market"> & {
  hub: Pick<EffectContext["hub"], "isConnected">;
  servers: Pick<Servers, "id" | "ids">;
};

/**
 * The nodes a round of a capability can ask: they are connected, here or to another server, host an active agent for
 * it, their provider's link holds, and their free stake covers the bond of a slot.
 */
export async function askableNodes(
  { database, hub, market, servers }: AskableContext,
  capability: string,
): Promise<Address[]> {
  const rows = await database.query<{ node: NodeId; server: string }>(
    `select nodes.id as node, server_id as server
       from nodes join balances on account = 'staked:' || provider || '/' || nodes.id
      where nodes.online and suspended_for is null and server_id = any($1::text[]) and amount >= greatest($2::numeric, 1)
        and (link ->> 'expiresAt')::numeric > $3::numeric
        and agents && array(select version_id from agents where state = 'active' and capabilities @> array[$4::text])
      order by nodes.id`,
    [servers.ids(), market.terms.minBond, Math.ceil(market.now() / 1_000), capability],
  );
  // Of its own nodes a server knows more: one whose stream broke, and that may come back, is not asked.
  return rows.filter(({ node, server }) => server !== servers.id || hub.isConnected(node)).map(({ node }) => node);
}
