import { type Address, type Hash, type OpenAuctionOpening, StoaError } from "@stoa/protocol";

/** Who leads an open auction, and with which bid. Amounts in the token's smallest unit. */
export interface OpenLead {
  /** Of its bid, from 1. */
  number: number;
  node: Address;
  agentVersion: Hash;
  ask: bigint;
  royalty: bigint;
  /** Ask and royalty: what the requester pays before the fee. */
  price: bigint;
}

export interface OpenAuctionState {
  phase: "open" | "awarded" | "unserved" | "withdrawn";
  /** Epoch milliseconds; a late bid moves it. */
  endsAt: number;
  lead: OpenLead | null;
  /** How many bids were taken. */
  bids: number;
  /** Nodes that bid no more, as the opening spells them. */
  out: readonly Address[];
  /** When the last offer was taken: the order of offers is the order of their instants. */
  lastAt: number;
}

/** `at` in epoch milliseconds. */
export type OpenAuctionAction =
  | { type: "bid"; at: number; number: number; node: Address; agentVersion: Hash; ask: bigint; royalty: bigint }
  | { type: "pass"; at: number; node: Address }
  | { type: "close"; at: number }
  | { type: "withdraw"; at: number };

/** The part of an opening that bids are held by. */
export type OpenAuctionRules = Pick<
  OpenAuctionOpening,
  "asked" | "reserve" | "decrement" | "openedAt" | "endsAt" | "softCloseMs" | "hardEndAt"
>;

/*
 *        bid: at most the reserve, and the decrement below the lead; a late one moves the end
 *        pass: the node bids no more
 *       ┌──┐
 *   open┴──┘
 *    ├─ close ─▶ awarded    the end is reached, or all but the lead are out
 *    ├─ close ─▶ unserved   likewise, and nobody leads
 *    └─ withdraw ─▶ withdrawn   the task was cancelled, or ended otherwise
 */

/** How an auction stands when it opens. */
export function openedAuction({ openedAt, endsAt }: OpenAuctionRules): OpenAuctionState {
  return { phase: "open", endsAt, lead: null, bids: 0, out: [], lastAt: openedAt };
}

/** Whether nothing can change the lead any more. */
export function isAuctionOver(rules: OpenAuctionRules, state: OpenAuctionState, at: number): boolean {
  return at >= state.endsAt || isEverybodyOut(rules, state);
}

/** Whether every node but the lead bids no more. */
export function isEverybodyOut({ asked }: OpenAuctionRules, { lead, out }: OpenAuctionState): boolean {
  return asked.every(({ node }) => (lead !== null && same(lead.node, node)) || out.some((gone) => same(gone, node)));
}

/**
 * The state an action leads to.
 * @throws {StoaError} `auction_closed`, `outbid`, `invalid_bid`, `unknown_node`, or `wrong_state` for closing too early
 */
export function nextAuctionState(
  rules: OpenAuctionRules,
  state: OpenAuctionState,
  action: OpenAuctionAction,
): OpenAuctionState {
  if (state.phase !== "open") throw new StoaError("auction_closed", `the auction is ${state.phase}`);
  if (action.at < state.lastAt)
    throw new StoaError("invalid_bid", `an offer at ${action.at} came after the one at ${state.lastAt}`);
  switch (action.type) {
    case "bid":
      return takeBid(rules, state, action);
    case "pass":
      requireTaking(rules, state, action);
      if (state.lead && same(state.lead.node, action.node))
        throw new StoaError("invalid_bid", `${action.node} leads: its bid stands`);
      return { ...state, out: [...state.out, action.node], lastAt: action.at };
    case "close":
      if (!isAuctionOver(rules, state, action.at))
        throw new StoaError("wrong_state", `the auction ends at ${state.endsAt}, it is ${action.at}`);
      return { ...state, phase: state.lead ? "awarded" : "unserved", lastAt: action.at };
    case "withdraw":
      return { ...state, phase: "withdrawn", lastAt: action.at };
  }
}

type Offer = Extract<OpenAuctionAction, { type: "bid" | "pass" }>;

function requireTaking(rules: OpenAuctionRules, state: OpenAuctionState, { node, at }: Offer): void {
  if (isAuctionOver(rules, state, at))
    throw new StoaError("auction_closed", `the auction ended at ${state.endsAt}, or all others were out`);
  if (!rules.asked.some((asked) => same(asked.node, node)))
    throw new StoaError("unknown_node", `${node} was not asked in the auction`);
  if (state.out.some((gone) => same(gone, node)))
    throw new StoaError("invalid_bid", `${node} passed before, and bids no more in this auction`);
}

function takeBid(
  rules: OpenAuctionRules,
  state: OpenAuctionState,
  bid: Extract<OpenAuctionAction, { type: "bid" }>,
): OpenAuctionState {
  requireTaking(rules, state, bid);
  const { lead } = state;
  const { number, node, agentVersion, ask, royalty, at } = bid;
  if (number !== state.bids + 1)
    throw new StoaError("outbid", `the next bid is number ${state.bids + 1}, got ${number}`);
  if (lead && same(lead.node, node)) throw new StoaError("invalid_bid", `${node} leads: it need not outbid itself`);
  const price = ask + royalty;
  const highest = lead ? lead.price - BigInt(rules.decrement) : BigInt(rules.reserve);
  if (ask < 0n || royalty < 0n || price > highest)
    throw new StoaError(lead ? "outbid" : "invalid_bid", `the bid comes to ${price}, expected at most ${highest}`);
  return {
    ...state,
    lead: { number, node, agentVersion, ask, royalty, price },
    bids: number,
    endsAt: isLate(rules, state, at) ? Math.min(rules.hardEndAt, state.endsAt + rules.softCloseMs) : state.endsAt,
    lastAt: at,
  };
}

/** The soft close: nobody wins by bidding when there is no time left to answer. */
function isLate({ softCloseMs }: OpenAuctionRules, { endsAt }: OpenAuctionState, at: number): boolean {
  return endsAt - at <= softCloseMs;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
