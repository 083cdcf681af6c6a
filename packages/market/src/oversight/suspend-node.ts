import { type NodeId, StoaError } from "@stoa/protocol";
import { appendAudit } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Overseer } from "./overseer.ts";

/**
 * Asks a node no more, and lets it connect no more, until it is restored; what it was awarded it may finish.
 * @throws {StoaError} `not_found`
 */
export function suspendNode(
  context: MarketContext,
  { node, actor, reason }: Overseer & { node: NodeId },
): Promise<void> {
  return change(context, node, { actor, reason, isOut: true });
}

/** Lets a suspended node take part again. @throws {StoaError} `not_found` */
export function restoreNode(
  context: MarketContext,
  { node, actor, reason }: Overseer & { node: NodeId },
): Promise<void> {
  return change(context, node, { actor, reason, isOut: false });
}

function change(
  { lane }: MarketContext,
  node: NodeId,
  { actor, reason, isOut }: Overseer & { isOut: boolean },
): Promise<void> {
  let known: { isOut: boolean } | undefined;
  return lane.run({
    name: "oversee-node",
    owns: [`node:${node}`],
    async load(tx) {
      [known] = await tx.query<{ isOut: boolean }>(
        `select suspended_for is not null as "isOut" from nodes where id = $1`,
        [node],
      );
    },
    decide(set) {
      if (!known) throw new StoaError("not_found", `there is no node ${node}`);
      if (known.isOut === isOut) return;
      set.defer(async (tx) => {
        await tx.query("update nodes set suspended_for = $2 where id = $1", [node, isOut ? reason : null]);
        const action = isOut ? "node.suspend" : "node.restore";
        await appendAudit(tx, { actor, action, subject: node, reason, at: set.now });
      });
      if (isOut) set.emit({ type: "node.suspended", audience: null, data: { node, reason } });
      else set.emit({ type: "node.restored", audience: null, data: { node } });
    },
  });
}
