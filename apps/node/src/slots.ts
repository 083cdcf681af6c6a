/** What a node can run at once, and what of it is spoken for. */
export interface Slots {
  total(): number;
  /** Slots neither running nor kept for an open round. */
  free(): number;
  /** Keeps up to `wanted` slots for a round and returns how many; each round is reserved once. */
  reserve(roundId: string, wanted: number): number;
  /** Gives back what a round still keeps. */
  release(roundId: string): void;
  /** One slot of a round, or a free one, goes to work. */
  take(roundId: string): void;
  /** A running slot is done. */
  give(): void;
  running(): number;
}

/**
 * Counts slots so that the sum of what is offered to concurrent rounds and what runs never exceeds the total.
 * An award that comes after its round's slots were given back may exceed it; the execution then waits its turn.
 */
export function createSlots(total: number): Slots {
  const reserved = new Map<string, number>();
  let running = 0;
  const kept = () => [...reserved.values()].reduce((sum, count) => sum + count, 0);
  const free = () => Math.max(0, total - running - kept());
  return {
    total: () => total,
    free,
    reserve(roundId, wanted) {
      if (reserved.has(roundId)) return 0;
      const count = Math.min(wanted, free());
      if (count > 0) reserved.set(roundId, count);
      return count;
    },
    release: (roundId) => void reserved.delete(roundId),
    take(roundId) {
      const count = reserved.get(roundId) ?? 0;
      if (count > 1) reserved.set(roundId, count - 1);
      else reserved.delete(roundId);
      running += 1;
    },
    give: () => void (running -= 1),
    running: () => running,
  };
}
