import { buildAuctionRecord, isAuctionOver, staked } from "@stoa/core";
import {
  type Address,
  BID_REASON,
  FIRST_PREVIOUS_HASH,
  type Hash,
  type OpenAuctionBody,
  type OpenAuctionRecord,
  passReasonOf,
  type RoundId,
  type TaskId,
  type UnservedCount,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { bindAward } from "../rounds/bind-award.ts";
import { markUnserved } from "../rounds/close-round.ts";
import { standingOf } from "./auction-row.ts";
import { loadAuction } from "./load-auction.ts";
import { type AuctionAward, signAuctionAward } from "./sign-auction-award.ts";

export interface ClosedAuction {
  outcomeHash: Hash;
  taskId: TaskId;
  /** Who got the task; null when nobody did, or the winner's stake was gone. */
  node: Address | null;
  awardHash: Hash | null;
}

/**
 * Closes an open auction that is over, or whose task is gone: awards the task to the lead at its own bid and writes the
 * public record in one transaction. Closing it again changes nothing.
 * @returns null when it is not over yet, was closed before, or waits for its overdue task to expire
 */
export async function closeOpenAuction(context: MarketContext, auctionId: Hash): Promise<ClosedAuction | null> {
  for (;;) {
    const closed = await tryToClose(context, auctionId);
    if (closed !== "overtaken") return closed;
  }
}

async function tryToClose(context: MarketContext, auctionId: Hash): Promise<ClosedAuction | null | "overtaken"> {
  const { database } = context;
  const standing = await standingOf(database, auctionId);
  if (standing?.state !== "open") return null;
  const { inputs, taskState } = await loadAuction(database, auctionId);
  const isWithdrawn = taskState !== "open";
  const at = context.clock();
  if (inputs.offers.length !== standing.offers) return "overtaken";
  if (!isWithdrawn && !isAuctionOver(inputs.opening, standing.bidding, at)) return null;
  // After a long stop: nobody is awarded what is overdue. The task expires, and the auction is withdrawn.
  if (!isWithdrawn && at >= Number(inputs.opening.task.order.deliverBy) * 1_000) return null;
  const last = await lastRecord(database, inputs.opening.task.spec.capability);
  const { record, state } = buildAuctionRecord(inputs, { at, previousHash: last.hash, isWithdrawn });
  const award =
    state.phase === "awarded" && state.lead
      ? await signAuctionAward(context, record.body, state.lead, { auctionId, roundHash: record.outcomeHash })
      : null;
  return writeOutcome(context, { record, award, position: last.position + 1n });
}

/** The chain of a capability's open auctions so far. */
async function lastRecord(database: Queryable, capability: string): Promise<{ hash: Hash; position: bigint }> {
  const [last] = await database.query<{ hash: Hash; position: bigint }>(
    `select outcome_hash as hash, position from open_auctions
      where capability = $1 and position is not null order by position desc limit 1`,
    [capability],
  );
  return last ?? { hash: FIRST_PREVIOUS_HASH, position: 0n };
}

interface Outcome {
  record: OpenAuctionRecord;
  award: AuctionAward | null;
  /** In the capability's chain. */
  position: bigint;
}

function writeOutcome(context: MarketContext, outcome: Outcome): Promise<ClosedAuction | null | "overtaken"> {
  const { record, award, position } = outcome;
  const { auctionId, outcomeHash, body } = record;
  const { opening, close, offers } = body;
  const taskId = opening.task.orderHash as TaskId;
  const { capability } = opening.task.spec;
  let isOpen = false;
  let isOvertaken = true;
  return context.lane.run<ClosedAuction | null | "overtaken">({
    name: "close-open-auction",
    tasks: [taskId],
    owns: [auctionId, `segment:${opening.segment}`, ...(award ? [`slots:${award.award.node}`] : [])],
    accounts: () => (award ? [staked(award.award)] : []),
    async load(tx) {
      const standing = await standingOf(tx, auctionId);
      const last = await lastRecord(tx, capability);
      isOpen = standing?.state === "open";
      isOvertaken = standing?.offers !== offers.length || last.hash !== close.previousHash;
    },
    decide(set) {
      if (!isOpen) return null;
      const task = set.task(taskId);
      if (isOvertaken || (task.state === "open") !== (close.reason !== "withdrawn")) return "overtaken";
      // Without the winner's stake the task waits for another auction.
      const bound = award && set.book.balance(staked(award.award)) >= award.award.bond ? award : null;
      tellClosed(set, record, bound);
      if (bound) bindAuctionAward(set, taskId, bound);
      else if (close.reason !== "withdrawn" && !award) markUnserved(set, taskId, auctionId as RoundId, reasonsOf(body));
      set.defer((tx) => keepRecord(tx, record, position));
      return {
        outcomeHash,
        taskId,
        node: bound?.award.node ?? null,
        awardHash: bound?.award.hash ?? null,
      };
    },
  });
}

function tellClosed(set: WorkingSet, { auctionId, outcomeHash, body }: OpenAuctionRecord, bound: AuctionAward | null) {
  const { task } = body.opening;
  set.emit({
    type: "auction.closed",
    audience: null,
    data: {
      auctionId,
      taskId: task.orderHash,
      capability: task.spec.capability,
      reason: body.close.reason,
      bids: bidsOf(body),
      node: bound?.award.node ?? null,
      price: bound?.award.price.toString() ?? null,
      outcomeHash,
    },
  });
}

function bindAuctionAward(set: WorkingSet, taskId: TaskId, { award, sheet }: AuctionAward): void {
  bindAward(set, taskId, award);
  set.addSheet(sheet);
}

function keepRecord(tx: Queryable, { auctionId, outcomeHash, body }: OpenAuctionRecord, position: bigint) {
  return tx.query(
    `update open_auctions set state = 'closed', closed_at = $2::timestamptz, close_reason = $3, position = $4,
            outcome_hash = $5, record = $6::jsonb
      where id = $1`,
    [
      auctionId,
      new Date(body.close.at).toISOString(),
      body.close.reason,
      position,
      outcomeHash,
      JSON.stringify({ auctionId, outcomeHash, body }),
    ],
  );
}

function bidsOf({ offers }: OpenAuctionBody): number {
  return offers.filter(({ answer }) => answer.reason === BID_REASON).length;
}

/** Why nobody bid, counted over the nodes asked. */
function reasonsOf({ opening, offers }: OpenAuctionBody): UnservedCount[] {
  const counts = new Map<string, number>();
  for (const { node } of opening.asked) {
    const pass = offers.find(({ sheet }) => sheet.node === node);
    const reason = pass ? (passReasonOf(pass.answer.reason) ?? "unknown_reason") : "no_answer";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, nodes]) => ({ reason, nodes })).sort((a, b) => b.nodes - a.nodes);
}
