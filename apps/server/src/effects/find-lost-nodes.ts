import type { NodeId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import { dropNode } from "./follow-nodes.ts";
import type { Servers } from "./join-servers.ts";
import { repeat, type Repeated } from "./repeat.ts";

const EVERY_MS = 1_000;

type LostContext = Pick<EffectContext, "database" | "market" | "log" | "signal"> & {
  servers: Servers;
  /** How long a node may take to find another server when its own is gone. */
  returnMs: number;
};

interface Orphan {
  id: NodeId;
  server: string | null;
}

/**
 * Drops the nodes whose server is gone, was killed or started again, and that have not come back through another in
 * time; and finishes what a server that was killed had begun to take from a node.
 */
export function findLostNodes(context: LostContext): Repeated {
  const { database, servers } = context;
  /**
   * Since when each is found with a server that is not there, by this process's steady timer. One that moved counts
   * anew: its server may only just have started.
   */
  const lostSince = new Map<string, number>();

  async function dropLost(): Promise<void> {
    const orphans = await database.query<Orphan>(
      `select id, server_id as server from nodes
        where online and (server_id is null or server_id <> all($1::text[]))`,
      [servers.ids()],
    );
    const lost = new Set(orphans.map(keyOf));
    for (const key of lostSince.keys()) if (!lost.has(key)) lostSince.delete(key);
    for (const orphan of orphans) {
      const { id, server } = orphan;
      const since = lostSince.get(keyOf(orphan)) ?? performance.now();
      lostSince.set(keyOf(orphan), since);
      if (performance.now() - since < context.returnMs) continue;
      await dropNode(context, { node: id, server, reason: "it did not come back after its server went away" });
    }
  }

  async function finishDrops(): Promise<void> {
    const nodes = await database.query<Orphan>(
      `select distinct nodes.id, server_id as server from nodes join awards on awards.node = nodes.id
        where not nodes.online and awards.busy`,
    );
    for (const { id, server } of nodes)
      await dropNode(context, { node: id, server, reason: "it was gone when its server stopped" });
  }

  return repeat({ name: "nodes", everyMs: EVERY_MS, ...context }, async () => {
    await finishDrops();
    await dropLost();
  });
}

function keyOf({ id, server }: Orphan): string {
  return `${id} ${server ?? ""}`;
}
