import type { Address } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

/**
 * The nodes a round of a capability can ask: they are connected, host an active agent for it, their provider's link
 * holds, and their free stake covers the bond of a slot.
 */
export async function askableNodes(
  { database, hub, market }: Pick<EffectContext, "database" | "market"> & { hub: Pick<EffectContext["hub"], "online"> },
  capability: string,
): Promise<Address[]> {
  const connected = [...hub.online().values()].filter((node) => node.connected).map(({ nodeId }) => nodeId);
  if (connected.length === 0) return [];
  const rows = await database.query<{ id: Address }>(
    `select nodes.id from nodes join balances on account = 'staked:' || provider || '/' || nodes.id
      where nodes.id = any($1::text[]) and amount >= greatest($2::numeric, 1)
        and (link ->> 'expiresAt')::numeric > $3::numeric
        and agents && array(select version_id from agents where state = 'active' and capabilities @> array[$4::text])`,
    [connected, market.terms.minBond, Math.ceil(Date.now() / 1_000), capability],
  );
  return rows.map(({ id }) => id);
}
