import { edgeRoyalty } from "@stoa/core";
import {
  BID_REASON,
  type Hash,
  type MarketMessages,
  type NodeMessages,
  type OpenAuctionOpening,
  type OpenLeadView,
  passAnswer,
  type SheetAnswer,
  StoaError,
} from "@stoa/protocol";
import type { Answered } from "../journal.ts";
import type { AnsweredRounds } from "../rounds/answered-rounds.ts";
import { answerTask, type AskedTask } from "../rounds/answer-task.ts";
import type { BidderRoom } from "../rounds/bid-round.ts";
import { checkAuction } from "./check-auction.ts";
import { nextOffer, type OpenStart } from "./next-offer.ts";
import { signBid, signPass } from "./sign-offer.ts";

/** Far more than a node has slots for. */
const MOST_FOLLOWED = 1_000;
/** How long after its last moment an auction is remembered when nobody says that it closed. */
const FORGET_AFTER_MS = 2_000;
/** An award follows the news of its auction's end this closely; until then its slot is not offered elsewhere. */
const AWARD_ON_ITS_WAY_MS = 200;

export type AuctionMessage = MarketMessages[
  | "auction.opened"
  | "auction.led"
  | "auction.outbid"
  | "auction.rejected"
  | "auction.closed"];

export interface AuctionRoom extends Omit<BidderRoom, "send"> {
  start: OpenStart;
  /** One it left, or bid in before it was started, is not taken up again: no number may have two bids. */
  answered: AnsweredRounds;
  send(message: NodeMessages["auction.bid" | "auction.pass"]): Promise<boolean>;
}

/** A node's part in open auctions. */
export interface OpenAuctions {
  handle(message: AuctionMessage): Promise<void>;
}

/*
 *   opened ─▶ bidding ──led──▶ leading ──closed──▶ gone
 *              │  ▲               │
 *              │  └────outbid─────┘
 *              └─ cannot go lower, no slot left, … ─▶ passed: gone
 *
 * A slot is kept from a bid until another leads, so that it is offered to nobody else while the node may win.
 */
interface Followed {
  auctionId: Hash;
  opening: OpenAuctionOpening;
  task: AskedTask;
  lead: OpenLeadView | null;
  keepsSlot: boolean;
  /** Sent again as it is when nobody knows whether it arrived: another one under its number would be a fault. */
  last: NodeMessages["auction.bid"] | null;
  isBusy: boolean;
  isStale: boolean;
}

/** Bids in open auctions by a simple honest rule: undercut whoever leads while the price is worth it, then pass. */
export function createOpenAuctions(room: AuctionRoom): OpenAuctions {
  const { terms, slots, log } = room;
  const followed = new Map<Hash, Followed>();
  const isOurs = (lead: OpenLeadView | null) => lead?.node.toLowerCase() === terms.node.toLowerCase();

  async function open(message: MarketMessages["auction.opened"]): Promise<void> {
    const { auctionId, opening, lead } = message;
    const known = followed.get(auctionId);
    if (known) return hear(known, lead, { isAnew: true });
    if (followed.size >= MOST_FOLLOWED) return log.warn({ auctionId }, "too many open auctions at once");
    const task = await checkAuction(message, terms, room.now());
    if (!room.answered.take(auctionId, opening.hardEndAt + FORGET_AFTER_MS))
      return log.debug({ auctionId }, "an auction came again, or too late");
    const state = { keepsSlot: false, last: null, isBusy: false, isStale: false };
    const auction: Followed = { auctionId, opening, task, lead, ...state };
    followed.set(auctionId, auction);
    room.later(Math.max(0, opening.hardEndAt - room.now()) + FORGET_AFTER_MS, () => leave(auction));
    await hear(auction, lead, { isAnew: true });
  }

  /** Takes note of who leads; the numbers of bids say which news is newer. */
  async function hear(auction: Followed, lead: OpenLeadView | null, { isAnew = false } = {}): Promise<void> {
    const isNews = (lead?.number ?? 0) > (auction.lead?.number ?? 0);
    if (isNews) auction.lead = lead;
    if (isNews || isAnew) await act(auction);
  }

  /** Does what the lead asks for, once at a time: what is heard meanwhile is acted on afterwards. */
  async function act(auction: Followed): Promise<void> {
    auction.isStale = true;
    if (auction.isBusy) return;
    auction.isBusy = true;
    try {
      while (auction.isStale && followed.get(auction.auctionId) === auction) {
        auction.isStale = false;
        await answer(auction);
      }
    } finally {
      auction.isBusy = false;
    }
  }

  async function answer(auction: Followed): Promise<void> {
    const { lead } = auction;
    if (isOurs(lead)) return void keepSlot(auction);
    const number = (lead?.number ?? 0) + 1;
    if (auction.last?.number === number && keepSlot(auction)) return void (await room.send(auction.last));
    giveSlot(auction);
    const offer = decide(auction);
    if (offer.reason !== BID_REASON) return pass(auction, offer);
    if (!keepSlot(auction)) return pass(auction, passAnswer(auction.task.orderHash, "no_free_slot"));
    const { orderHash, agentVersion, ask } = offer;
    auction.last = await signBid(terms, auction, number, offer);
    await keep(auction, [{ orderHash, agentVersion, ask }]);
    await room.send(auction.last);
    log.debug({ auctionId: auction.auctionId, number, ask }, "bid in an open auction");
  }

  function keep({ auctionId, opening }: Followed, bids: Answered["bids"]): Promise<void> {
    const expiresAtMs = Number(opening.task.order.deliverBy) * 1_000;
    return room.journal.bid(auctionId, { bids, expiresAtMs, untilMs: opening.hardEndAt + FORGET_AFTER_MS });
  }

  /** A bid under the lead, with the agent that costs the node and its creator least, or why there is none. */
  function decide(auction: Followed): SheetAnswer {
    const { task, opening, lead } = auction;
    const agents = room.agents();
    const bidder = {
      agents,
      unreachable: room.endpoints.unreachable(),
      provider: terms.provider,
      cost: terms.cost,
      durations: room.durations,
      freeSlots: slots.free(),
      isDraining: room.isDraining(),
    };
    // It must still be in time when the auction takes as long as it may.
    const atCost = answerTask(task, bidder, opening.feeBps, opening.hardEndAt).answer;
    const agent = agents.get(atCost.agentVersion);
    if (atCost.reason !== BID_REASON || !agent) return atCost;
    const royalty = edgeRoyalty(BigInt(agent.manifest.royalty), agent.creator, terms.provider);
    const bidding = {
      reserve: BigInt(opening.reserve),
      decrement: BigInt(opening.decrement),
      leadPrice: lead && BigInt(lead.price),
    };
    const price = nextOffer(bidding, BigInt(atCost.ask) + royalty, room.start);
    if (price === null) return passAnswer(auction.task.orderHash, "price_too_low");
    return { ...atCost, ask: (price - royalty).toString() };
  }

  async function pass(auction: Followed, answer: SheetAnswer): Promise<void> {
    leave(auction);
    await keep(auction, []);
    await room.send(await signPass(terms, auction, answer));
    log.info({ auctionId: auction.auctionId, reason: answer.reason }, "left an open auction");
  }

  function keepSlot(auction: Followed): boolean {
    auction.keepsSlot ||= slots.reserve(auction.auctionId, 1) > 0;
    return auction.keepsSlot;
  }

  function giveSlot(auction: Followed): void {
    if (auction.keepsSlot) slots.release(auction.auctionId);
    auction.keepsSlot = false;
  }

  function leave(auction: Followed): void {
    if (followed.get(auction.auctionId) !== auction) return;
    followed.delete(auction.auctionId);
    giveSlot(auction);
  }

  function close({ auctionId, node }: MarketMessages["auction.closed"]): void {
    const auction = followed.get(auctionId);
    if (!auction) return;
    const isWon = node?.toLowerCase() === terms.node.toLowerCase();
    log.info({ auctionId, isWon }, "an open auction closed");
    if (isWon) room.later(AWARD_ON_ITS_WAY_MS, () => leave(auction));
    else leave(auction);
  }

  function turnDown({ auctionId, code, message }: MarketMessages["auction.rejected"]): void {
    const auction = followed.get(auctionId);
    // Somebody was quicker: the market tells who leads now.
    if (!auction || code === "outbid") return;
    log.warn({ auctionId, code, message }, "the market turned a bid down");
    leave(auction);
  }

  return {
    async handle(message) {
      const { auctionId } = message;
      try {
        if (message.type === "auction.opened") return await open(message);
        if (message.type === "auction.closed") return close(message);
        if (message.type === "auction.rejected") return turnDown(message);
        const auction = followed.get(auctionId);
        if (auction) await hear(auction, message.lead);
      } catch (error) {
        if (!(error instanceof StoaError)) throw error;
        log.warn({ auctionId, err: error }, "an open auction is not answered");
      }
    },
  };
}
