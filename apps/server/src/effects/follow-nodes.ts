import {
  type Address,
  decodeTyped,
  type Hash,
  type NodeId,
  type NodeMessages,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import type { AwardState } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";

type NodesContext = Pick<EffectContext, "database" | "market" | "log">;

/**
 * Admits a node that greets the market: its provider's link, and stake for at least one slot.
 * @throws {StoaError} `wrong_signature`, `unknown_node`, `forbidden`, `stake_too_small`
 */
export async function admitNode({ database, market }: NodesContext, hello: NodeMessages["hello"]): Promise<void> {
  const link = decodeTyped("NodeLink", hello.link);
  const [stake] = await database.query<{ amount: bigint }>(
    "select amount from balances where account = any($1::text[]) order by amount desc limit 1",
    [[`staked:${link.provider}/${link.node}`, `bonded:${link.provider}/${link.node}`]],
  );
  if ((stake?.amount ?? 0n) < market.terms.minBond || (stake?.amount ?? 0n) === 0n) {
    throw new StoaError(
      "stake_too_small",
      `${link.node} has ${stake?.amount ?? 0n} staked by ${link.provider}, a slot needs at least ${market.terms.minBond}`,
    );
  }
  await market.linkNode({
    link,
    signature: hello.linkSignature,
    name: hello.name,
    slots: hello.slots,
    agents: hello.agents,
  });
}

interface BusyAward {
  taskId: TaskId;
  hash: Hash;
  state: AwardState;
}

/** Marks a node that is gone, and takes its tasks from it at once: each goes to another bidder of its round. */
export async function dropNode({ database, market, log }: NodesContext, node: Address, reason: string): Promise<void> {
  await market.markNodeOffline({ node, reason });
  const busy = await database.query<BusyAward>(
    'select task_id as "taskId", hash, state from awards where node = $1 and busy order by made_at',
    [node],
  );
  for (const { taskId, hash, state } of busy) {
    const outcome = await market.replaceAward({
      taskId,
      awardHash: hash,
      reason: state === "running" ? "not_delivered" : "not_started",
      message: `the node went away: ${reason}`,
    });
    log.info({ taskId, node, outcome: outcome.kind }, "a node lost a task");
  }
}

/** Takes the tasks of nodes that were marked as gone when the market was stopped, before it had taken them all. */
export async function finishDrops(context: NodesContext): Promise<void> {
  const nodes = await context.database.query<{ id: NodeId }>(
    `select distinct nodes.id from nodes join awards on awards.node = nodes.id
      where not nodes.online and awards.busy`,
  );
  for (const { id } of nodes) await dropNode(context, id, "it was gone when the market was stopped");
}

/** Drops the nodes that were online before the server started and have not come back. */
export async function dropMissing(context: NodesContext, online: ReadonlyMap<NodeId, unknown>): Promise<void> {
  const nodes = await context.database.query<{ id: NodeId }>("select id from nodes where online");
  for (const { id } of nodes) {
    if (!online.has(id)) await dropNode(context, id, "it did not come back after the market restarted");
  }
}
