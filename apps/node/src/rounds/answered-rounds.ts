import type { Hash, RoundOpening } from "@stoa/protocol";

/** How far the market's clock may be from the node's before a round is taken for an old one. */
const CLOCKS_APART_MS = 600_000;
const SWEEP_AT = 1_000;

/**
 * The rounds and auctions a node has taken up. Told of one again, by another server or by an operator that wants its
 * stake, it must not sign other answers; so each is remembered for as long as it can be taken up.
 */
export interface AnsweredRounds {
  /** True the first time, unless the last instant to take it up (epoch milliseconds) has passed. */
  take(id: Hash, untilMs: number): boolean;
}

/** The last instant at which a round is taken up. */
export function roundUntil({ openedAt, windowMs }: Pick<RoundOpening, "openedAt" | "windowMs">): number {
  return openedAt + windowMs + CLOCKS_APART_MS;
}

/**
 * @param before what was answered before the node was started, with the last instants
 * @param now epoch milliseconds
 */
export function createAnsweredRounds(before: Iterable<readonly [Hash, number]>, now: () => number): AnsweredRounds {
  const known = new Map(before);
  let sweepAt = SWEEP_AT;
  return {
    take(id, untilMs) {
      if (known.has(id) || untilMs < now()) return false;
      known.set(id, untilMs);
      if (known.size >= sweepAt) {
        for (const [old, until] of known) if (until < now()) known.delete(old);
        sweepAt = Math.max(SWEEP_AT, 2 * known.size);
      }
      return true;
    },
  };
}
