/** Where a node begins in an open auction: at the reserve, going down step by step, or at its own cost at once. */
export type OpenStart = "reserve" | "cost";

/** How the bidding stands, as a node sees it. Amounts in the token's smallest unit, royalty included. */
export interface Bidding {
  reserve: bigint;
  decrement: bigint;
  /** What the lead would do the task for; null before the first bid. */
  leadPrice: bigint | null;
}

/**
 * The price a node bids next, or null when it must stop: it undercuts the lead by no more than it has to, and never
 * goes below its true cost. Honest, and nothing cleverer.
 * @param cost its ask at true cost and the creator's royalty
 * @example
 * nextOffer({ reserve: 1000n, decrement: 10n, leadPrice: 700n }, 650n, "reserve") // 690n
 */
export function nextOffer({ reserve, decrement, leadPrice }: Bidding, cost: bigint, start: OpenStart): bigint | null {
  const highest = leadPrice === null ? reserve : leadPrice - decrement;
  if (cost > highest) return null;
  return start === "cost" ? cost : highest;
}
