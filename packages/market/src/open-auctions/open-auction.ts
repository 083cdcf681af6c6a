import { auctionTerms, OPEN_RULE_VERSION, openSegment } from "@stoa/core";
import {
  type Address,
  type Hash,
  hashJson,
  type OpenAuctionOpening,
  type OpeningTask,
  type Signature,
  signTyped,
  type TaskId,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { linkedNodes } from "../rounds/open-round.ts";

export interface OpenedAuction {
  auctionId: Hash;
  opening: OpenAuctionOpening;
  signature: Signature;
}

/**
 * Opens an open descending auction over one task that asks for it, among the nodes named whose link still holds.
 * @returns null when the task does not wait for one, its deadline leaves no time, nobody could be asked, or it is under
 *   auction already
 */
export async function openAuction(
  context: MarketContext,
  { taskId, asked }: { taskId: TaskId; asked: readonly Address[] },
): Promise<OpenedAuction | null> {
  const openedAt = context.clock();
  const task = await waitingTask(context.database, taskId, openedAt);
  if (!task) return null;
  const { feeBps, domain, openAuctions } = context.terms;
  const terms = auctionTerms(openAuctions, {
    maxPrice: BigInt(task.order.maxPrice),
    feeBps,
    openedAt,
    deliverBy: Number(task.order.deliverBy) * 1_000,
  });
  if (!terms) return null;
  const nodes = await linkedNodes(
    context.database,
    asked.map((node) => ({ node, waitedFor: true })),
    openedAt,
  );
  if (nodes.length === 0) return null;
  const opening: OpenAuctionOpening = {
    segment: openSegment(task.spec.capability),
    ruleVersion: OPEN_RULE_VERSION,
    feeBps,
    domain,
    operator: context.operator.address,
    task,
    asked: nodes.map(({ node, provider }) => ({ node, provider })),
    openedAt,
    ...terms,
    reserve: terms.reserve.toString(),
    decrement: terms.decrement.toString(),
  };
  const auctionId = hashJson(opening);
  const signature = await signTyped(context.operator, domain, "Opening", { roundId: auctionId });
  const opened = { auctionId, opening, signature };
  return (await writeOpening(context, taskId, opened)) ? opened : null;
}

async function waitingTask(database: Queryable, taskId: TaskId, now: number): Promise<OpeningTask | null> {
  const [row] = await database.query<OpeningTask & { session: OpeningTask["session"] | null }>(
    `select id as "orderHash", "order", order_signature as signature, session, spec, input_bytes as "inputBytes"
       from tasks join orders on task_id = id where id = $1 and waiting and spec ->> 'auction' = 'open'
        and (not_before is null or not_before <= $2::timestamptz)`,
    [taskId, new Date(now).toISOString()],
  );
  if (!row) return null;
  const { session, ...task } = row;
  return session ? { ...task, session } : task;
}

function writeOpening(
  context: MarketContext,
  taskId: TaskId,
  { auctionId, opening, signature }: OpenedAuction,
): Promise<boolean> {
  const { openedAt, endsAt, hardEndAt, reserve, decrement, asked, task } = opening;
  const { capability } = task.spec;
  let isRunning = true;
  return context.lane.run({
    name: "open-auction",
    tasks: [taskId],
    owns: [`auction-of:${taskId}`],
    async load(tx) {
      const running = await tx.query("select 1 from open_auctions where task_id = $1 and state = 'open'", [taskId]);
      isRunning = running.length > 0;
    },
    decide(set) {
      if (isRunning || set.task(taskId).state !== "open") return false;
      set.defer((tx) =>
        tx.query(
          `insert into open_auctions (id, task_id, capability, state, opening, opening_signature, opened_at, ends_at, last_at)
           values ($1, $2, $3, 'open', $4::jsonb, $5, $6::timestamptz, $7::timestamptz, $6::timestamptz)`,
          [
            auctionId,
            taskId,
            capability,
            JSON.stringify(opening),
            signature,
            new Date(openedAt).toISOString(),
            new Date(endsAt).toISOString(),
          ],
        ),
      );
      set.emit({
        type: "auction.opened",
        audience: null,
        data: { auctionId, taskId, capability, reserve, decrement, nodes: asked.length, endsAt, hardEndAt },
      });
      return true;
    },
  });
}
