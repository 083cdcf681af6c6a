import { type Address, decodeTyped, type Hash, type NodeMessages, StoaError, type TaskId } from "@stoa/protocol";
import type { AwardState } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";

type NodesContext = Pick<EffectContext, "database" | "market" | "log">;

/**
 * Admits a node that greets the market: its provider's link, and stake for at least one slot.
 * @throws {StoaError} `wrong_signature`, `unknown_node`, `forbidden`, `suspended`, `stake_too_small`
 */
export async function admitNode(
  { database, market }: NodesContext,
  hello: NodeMessages["hello"],
  server: string,
): Promise<void> {
  const link = decodeTyped("NodeLink", hello.link);
  const [suspended] = await database.query<{ reason: string }>(
    "select suspended_for as reason from nodes where id = $1 and suspended_for is not null",
    [link.node],
  );
  if (suspended) throw new StoaError("suspended", `the node ${link.node} is suspended: ${suspended.reason}`);
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
    server,
  });
}

interface BusyAward {
  taskId: TaskId;
  hash: Hash;
  state: AwardState;
}

/**
 * Marks a node that is gone, and takes its tasks from it at once: each goes to another bidder of its round. One that
 * came back through another server meanwhile keeps them.
 * @param lost.server the one that lost it
 */
export async function dropNode(
  { database, market, log }: NodesContext,
  lost: { node: Address; reason: string; server: string | null },
): Promise<void> {
  const { node, reason } = lost;
  const isLost = await market.markNodeOffline(lost);
  // One that was away too long loses its tasks although it is back by now; one that this server did not lose keeps them.
  const busy = await database.query<BusyAward>(
    `select task_id as "taskId", hash, state from awards
      where node = $1 and busy and ($2 or exists (select 1 from nodes where id = $1 and not online))
      order by made_at`,
    [node, isLost],
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
