import type { Hash } from "@stoa/protocol";

/** Rounds last seconds: the last few hundred hold all that can be told of twice. */
const MOST_REMEMBERED = 500;

/** The rounds a node has taken up lately: told of one again, by another server it moved to, it must not sign a second sheet. */
export interface AnsweredRounds {
  /** True the first time. */
  take(roundId: Hash): boolean;
}

/** @param before rounds answered before the node was started */
export function createAnsweredRounds(before: readonly Hash[]): AnsweredRounds {
  const known = new Set(before);
  return {
    take(roundId) {
      if (known.has(roundId)) return false;
      known.add(roundId);
      const [oldest] = known;
      if (oldest && known.size > MOST_REMEMBERED) known.delete(oldest);
      return true;
    },
  };
}
