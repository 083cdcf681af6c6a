import { StoaError, type Task } from "@stoa/protocol";
import type { Narration } from "./narration.ts";
import { tellAward } from "./tell-award.ts";
import { shortId } from "../terminal/short-id.ts";
import { tellUnserved } from "./tell-unserved.ts";
import { tellEnd, tellOutcome, tellPaid } from "./tell-end.ts";

/** Tells how a task stands, as far as it was not told yet. */
export async function tellTask(narration: Narration, task: Task): Promise<void> {
  const { market, terminal } = narration;
  narration.taskId = task.id;
  if (narration.once("opened")) {
    narration.say("open", task.id, task.openedAt);
    narration.add(`${task.capability}, at most ${market.money.format(task.maxPrice)}, due ${task.deliverBy}`);
  }
  if (task.spec.auction === "open") await rememberAuctions(narration, task);
  if (task.award) await tellAward(narration, task.award, task.award.madeAt);
  if (task.state === "open") {
    await tellUnserved(narration, task, null, task.updatedAt);
    terminal.waiting("waiting for bids");
  }
  if (task.executions.some(({ startedAt }) => startedAt !== null)) await tellLogs(narration, task);
  if (task.result && narration.once("delivered")) narration.say("delivered", task.result.hash, task.result.deliveredAt);
  const { outcome, settlement } = task;
  if (outcome?.kind === "settled") tellOutcome(narration, outcome, task.updatedAt);
  if (outcome?.kind === "unpaid")
    tellEnd(
      narration,
      task.state,
      outcome.message === undefined ? outcome.reason : `${outcome.reason}: ${outcome.message}`,
      task.updatedAt,
    );
  if (settlement?.state === "confirmed") tellPaid(narration, settlement.txHash, task.updatedAt);
}

/** The open auctions it is or was in, told as they stand when nobody heard their bids. */
async function rememberAuctions({ market, auctionIds, once, say }: Narration, task: Task): Promise<void> {
  const { items } = await market.client.auctions.list({ task: task.id });
  for (const auction of items.toReversed()) {
    const isNew = !auctionIds.has(auction.id);
    auctionIds.add(auction.id);
    if (!isNew || !once(`auction ${auction.id}`)) continue;
    const lead = auction.lead ? `, ${market.money.format(auction.lead.price)} leads` : "";
    say("auction", `${shortId(auction.id)} ${auction.state} after ${auction.bids} bids${lead}`, auction.openedAt);
  }
}

/** What an execution wrote before anybody watched. */
async function tellLogs(narration: Narration, task: Task): Promise<void> {
  try {
    const { executions } = await narration.market.client.tasks.logs(task.id);
    for (const { executionId, lines } of executions) narration.tellLines(executionId, lines);
  } catch (error) {
    // Someone else's task can be followed; what it wrote is its requester's.
    if (!(error instanceof StoaError) || (error.code !== "forbidden" && error.code !== "unauthorized")) throw error;
  }
}
