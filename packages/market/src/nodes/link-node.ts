import { type Address, encodeTyped, type NodeLink, requireSigner, type Signature, StoaError } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

export interface LinkNode {
  link: NodeLink;
  signature: Signature;
  name: string;
  slots: number;
  agents: readonly string[];
  /** The server process that holds its stream. */
  server?: string | undefined;
}

/**
 * Registers a node that greets the market, on its provider's signature, and marks it online. A node stays with the
 * provider that linked it first.
 * @throws {StoaError} `unknown_node` for an expired link, `wrong_signature`, `forbidden` for another provider's node
 */
export async function linkNode(context: MarketContext, request: LinkNode): Promise<void> {
  const { link, signature, name, slots, agents, server } = request;
  if (Number(link.expiresAt) * 1_000 <= context.clock()) {
    throw new StoaError("unknown_node", `the link of ${link.node} expired at ${link.expiresAt}`);
  }
  await requireSigner(context.terms.domain, "NodeLink", link, signature, link.provider);
  let before: { provider: Address; online: boolean } | undefined;
  return context.lane.run({
    name: "link-node",
    owns: [`node:${link.node}`],
    async load(tx) {
      [before] = await tx.query<{ provider: Address; online: boolean }>(
        "select provider, online from nodes where id = $1",
        [link.node],
      );
    },
    decide(set) {
      if (before && before.provider !== link.provider) {
        throw new StoaError("forbidden", `the node ${link.node} is linked to ${before.provider}`);
      }
      const at = new Date(set.now).toISOString();
      set.defer((tx) =>
        tx.query(
          `insert into nodes (id, provider, name, link, link_signature, slots, agents, online, linked_at, seen_at, server_id)
           values ($1, $2, $3, $4::jsonb, $5, $6, $7::text[], true, $8::timestamptz, $8::timestamptz, $9)
           on conflict (id) do update set name = excluded.name, link = excluded.link, agents = excluded.agents,
                  link_signature = excluded.link_signature, slots = excluded.slots, online = true,
                  seen_at = excluded.seen_at, server_id = excluded.server_id`,
          [
            link.node,
            link.provider,
            name,
            JSON.stringify(encodeTyped("NodeLink", link)),
            signature,
            slots,
            agents,
            at,
            server ?? null,
          ],
        ),
      );
      if (!before)
        set.emit({ type: "node.linked", audience: null, data: { node: link.node, provider: link.provider } });
      if (!before?.online)
        set.emit({ type: "node.online", audience: null, data: { node: link.node, provider: link.provider, slots } });
    },
  });
}
