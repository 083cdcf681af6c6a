import { buildAuctionSupplement } from "@stoa/core";
import { type Address, hashJson, type NodeFault, type OpenAuctionRecord, type TaskId } from "@stoa/protocol";
import type { AuctionRecordRow, AwardRecord, Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { mayBeReawarded } from "../rounds/may-be-reawarded.ts";
import type { ReplacementPlan } from "../rounds/replacement-plan.ts";
import { signAuctionAward } from "./sign-auction-award.ts";

/**
 * Plans what becomes of a task whose winner of an open auction failed: the next best public bid of another node, at its
 * own price; the failed node owes the difference.
 */
export async function planAuctionReplacement(
  context: MarketContext,
  fault: { taskId: TaskId; reason: NodeFault },
  failed: AwardRecord,
  { record, supplements }: AuctionRecordRow,
): Promise<ReplacementPlan> {
  const now = context.clock();
  const mayGoOn = await mayBeReawarded(context.database, record.body.opening.task, now);
  const freeNodes = (tx: Queryable) => freeBidders(tx, record);
  const { supplement, award, damages } = buildAuctionSupplement({
    record,
    earlier: supplements.map(({ record: earlier }) => earlier),
    fault: { node: failed.node, orderHash: fault.taskId, reason: fault.reason, at: now },
    freeNodes: mayGoOn ? await freeNodes(context.database) : [],
  });
  const hash = hashJson(supplement);
  const next =
    award && (await signAuctionAward(context, record.body, award, { auctionId: record.auctionId, roundHash: hash }));
  return {
    failed,
    supplement: { hash, record: supplement },
    position: supplements.length,
    damages,
    next: next?.award ?? null,
    freeNodes,
    sheet: next?.sheet ?? null,
  };
}

/** The nodes asked that are online and have a free slot, and the stake for the bond of a bid of theirs. */
async function freeBidders(database: Queryable, { auctionId, body }: OpenAuctionRecord): Promise<Address[]> {
  const rows = await database.query<{ node: Address }>(
    `select nodes.id as node from nodes
      where nodes.id = any($2::text[]) and nodes.online
        and (select count(*) from awards where awards.node = nodes.id and awards.busy) < nodes.slots
        and coalesce((select amount from balances where account = 'staked:' || nodes.provider || '/' || nodes.id), 0) >=
            (select coalesce(max((sheet ->> 'bond')::numeric), 0) from open_bids
              where auction_id = $1 and node = nodes.id and number is not null)`,
    [auctionId, body.opening.asked.map(({ node }) => node)],
  );
  return rows.map(({ node }) => node);
}
