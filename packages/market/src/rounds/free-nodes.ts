import type { Address, RoundBody } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

interface NodeLoad {
  node: Address;
  running: bigint;
  stake: bigint;
}

/** The nodes of a round that are online, have a slot of those they offered free now, and the stake for its bond. */
export async function freeNodes(database: Queryable, { nodes }: RoundBody): Promise<Address[]> {
  const sheets = new Map(nodes.flatMap(({ link, sheet }) => (sheet ? [[link.node, sheet.sheet] as const] : [])));
  const loads = await database.query<NodeLoad>(
    `select nodes.id as node, count(awards.hash) as running, coalesce(max(balances.amount), 0) as stake
       from nodes
       left join awards on awards.node = nodes.id and awards.busy
       left join balances on balances.account = 'staked:' || nodes.provider || '/' || nodes.id
      where nodes.id = any($1::text[]) and nodes.online
      group by nodes.id`,
    [[...sheets.keys()]],
  );
  return loads
    .filter(({ node, running, stake }) => {
      const sheet = sheets.get(node);
      return sheet !== undefined && running < BigInt(sheet.slots) && stake >= BigInt(sheet.bond);
    })
    .map(({ node }) => node);
}
