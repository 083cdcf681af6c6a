import { decodeTyped, type MarketMessage, type MarketMessages, type NodeMessages, StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import type { Hosting } from "./agents/hosting.ts";
import type { Executions } from "./executions/executions.ts";
import type { Journal } from "./journal.ts";
import { answerQuote } from "./rounds/answer-quote.ts";
import { bidderOf, bidRound, type BidderRoom } from "./rounds/bid-round.ts";
import type { Receipts } from "./rounds/receipts.ts";
import type { OpenAuctions } from "./open-auctions/open-auctions.ts";
import type { Subtasks } from "./subtasks/subtasks.ts";
import { type AnsweredRounds, roundUntil } from "./rounds/answered-rounds.ts";

/** An award follows the news of its round's end this closely; until then the slot it was bid with is not offered elsewhere. */
const AWARD_ON_ITS_WAY_MS = 200;

export interface MessageRoom {
  bidder: BidderRoom;
  auctions: OpenAuctions;
  answered: AnsweredRounds;
  executions: Executions;
  subtasks: Subtasks;
  hosting: Hosting;
  journal: Journal;
  receipts: Receipts;
  /** Tells the market what this node hosts now. */
  tellHosting(): void;
  changed(): void;
  log: Logger;
}

async function bid(message: MarketMessage & { type: "round.opened" }, room: MessageRoom): Promise<void> {
  if (!room.answered.take(message.roundId, roundUntil(message.opening)))
    return room.log.debug({ roundId: message.roundId }, "a round came again, or far too late");
  try {
    await bidRound(message, room.bidder);
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    room.log.warn({ roundId: message.roundId, err: error }, "a round is not answered");
  }
}

function quoteAnswer(
  asked: MarketMessages["quote.asked"],
  { bidder, executions }: MessageRoom,
): NodeMessages["quote.answered"] {
  const { tellsCost } = bidder.terms;
  const load = { tellsCost, running: executions.running(), waiting: executions.waiting() };
  return answerQuote(asked, { ...bidderOf(bidder), ...load }, bidder.now());
}

/** What a node does on each message of the market. A round is answered beside the others: it must not wait behind an assignment. */
export async function handleMessage(message: MarketMessage, room: MessageRoom): Promise<void> {
  const { log } = room;
  switch (message.type) {
    case "round.opened":
      bid(message, room).catch((error: unknown) => log.error({ err: error }, "answering a round broke"));
      return;
    case "round.closed":
      room.receipts.closed(message.roundId);
      return room.bidder.later(AWARD_ON_ITS_WAY_MS, () => room.bidder.slots.release(message.roundId));
    case "quote.asked":
      await room.bidder.send(quoteAnswer(message, room));
      return;
    case "auction.opened":
    case "auction.led":
    case "auction.outbid":
    case "auction.rejected":
    case "auction.closed":
      // Beside the others, like a round: a lead waits for nobody.
      room.auctions.handle(message).catch((error: unknown) => log.error({ err: error }, "an open auction broke"));
      return;
    case "assignment":
      await room.executions.assign(message);
      return room.changed();
    case "assignment.withdrawn":
      return await room.executions.withdraw(message.taskId, message.reason);
    case "result.accepted":
      await room.journal.paid(message.taskId);
      log.info({ taskId: message.taskId }, "a result was accepted");
      return room.changed();
    case "subtasks.granted":
      return room.subtasks.granted(message);
    case "subtask.opened":
    case "subtask.rejected":
    case "subtask.delivered":
    case "subtask.ended":
      return room.subtasks.told(message);
    case "agent.published":
      if (await room.hosting.consider(message.agentVersion)) room.tellHosting();
      return;
    case "result.rejected":
    case "sheet.rejected":
    case "message.rejected":
      return log.warn(message, "the market turned something down");
    case "sheet.receipted":
      log.debug({ roundId: message.receipt.roundId }, "the market has the sheet");
      return await room.receipts.keep({
        receipt: decodeTyped("SheetReceipt", message.receipt),
        signature: message.signature,
      });
    case "hello.accepted":
    case "hello.rejected":
      return log.error({ type: message.type }, "a greeting came in the middle of a stream");
  }
}
