/** How many blocks to ask for at once. */
export interface AdaptiveRange {
  readonly size: number;
  /** The provider answered. */
  succeeded(): void;
  /** The provider would not answer for so many: half as many are asked for. False when there is no less to ask for. */
  failed(): boolean;
}

/** So many answers in a row, and a size that was refused before is tried again. */
const PATIENCE = 24;

/**
 * Finds the range a provider is willing to answer for. Providers bound the blocks, the results, the bytes or the time of
 * an answer, and say so in words of their own: so the range is halved at any refusal, doubled at answers until near what
 * was refused last, and what was refused is tried again after a while, as the density of events changes along a chain.
 */
export function adaptiveRange({ start, max }: { start: number; max: number }): AdaptiveRange {
  let size = Math.min(start, max);
  let refused = Number.POSITIVE_INFINITY;
  let streak = 0;
  return {
    get size() {
      return size;
    },
    succeeded() {
      streak += 1;
      if (streak % PATIENCE === 0) refused = Number.POSITIVE_INFINITY;
      if (size * 2 < refused) size = Math.min(max, size * 2);
    },
    failed() {
      if (size === 1) return false;
      refused = size;
      streak = 0;
      size = Math.floor(size / 2);
      return true;
    },
  };
}
