import { BPS, reservePrice } from "../reserve-price.ts";

/** What every open auction of a market is run by; published at `GET /api/v1/market`. */
export interface OpenAuctionTerms {
  /** How long an auction takes bids when none of them comes late. */
  windowMs: number;
  /** A bid this close to the end moves the end by as much. */
  softCloseMs: number;
  /** The longest an auction takes, however many late bids come. */
  longestMs: number;
  /** The least a bid undercuts the lead by, in basis points of the reserve. */
  decrementBps: number;
}

/** An auction takes at most this part of the time to the task's deadline: the work needs the rest. */
const PART_OF_DEADLINE = 4;
/** An auction shorter than this could not be answered. */
const SHORTEST_MS = 200;

interface AuctionedTask {
  /** M, in the token's smallest unit. */
  maxPrice: bigint;
  feeBps: number;
  /** Epoch milliseconds, both. */
  openedAt: number;
  deliverBy: number;
}

/** The largest decrement still is one unit where the reserve is small. */
function openDecrement(reserve: bigint, decrementBps: number): bigint {
  const part = (reserve * BigInt(decrementBps)) / BPS;
  return part > 1n ? part : 1n;
}

/**
 * The reserve, the decrement and the times of one task's auction.
 * @returns null when its deadline leaves no time for an auction
 * @example
 * auctionTerms(terms, { maxPrice: 1_050n, feeBps: 500, openedAt: 0, deliverBy: 300_000 })?.reserve // 1000n
 */
export function auctionTerms(
  { windowMs, softCloseMs, longestMs, decrementBps }: OpenAuctionTerms,
  { maxPrice, feeBps, openedAt, deliverBy }: AuctionedTask,
): { reserve: bigint; decrement: bigint; softCloseMs: number; endsAt: number; hardEndAt: number } | null {
  const allowedMs = Math.floor(Math.min(longestMs, (deliverBy - openedAt) / PART_OF_DEADLINE));
  if (allowedMs < SHORTEST_MS) return null;
  const reserve = reservePrice(maxPrice, feeBps);
  const hardEndAt = openedAt + allowedMs;
  return {
    reserve,
    decrement: openDecrement(reserve, decrementBps),
    softCloseMs,
    endsAt: Math.min(openedAt + windowMs, hardEndAt),
    hardEndAt,
  };
}
