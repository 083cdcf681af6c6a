import type { NetworkLog } from "../network-log.ts";

/** Work done in the order it came for each key, and side by side for different keys. */
export interface KeyedLanes {
  push(key: string, work: () => Promise<void>): void;
  /** Work that waits for all before it, and that all after it wait for. */
  pushAlone(work: () => Promise<void>): void;
  /** Pieces that wait or run. */
  length(): number;
  /** Lets the pieces that run finish and drops the rest. */
  stop(): Promise<void>;
}

/**
 * Makes idle lanes.
 * @param onTurn called after each piece
 */
export function createKeyedLanes(onTurn: () => void, log: NetworkLog): KeyedLanes {
  /** The last piece of each key; what comes next begins when it has ended. */
  const tails = new Map<string, Promise<void>>();
  let gate: Promise<void> = Promise.resolve();
  let isStopped = false;
  let length = 0;

  async function run(before: Promise<unknown>, work: () => Promise<void>): Promise<void> {
    await before;
    try {
      if (!isStopped) await work();
    } catch (error) {
      if (!isStopped) log.error({ err: error }, "a piece of work on a stream broke");
    }
    length -= 1;
    if (!isStopped) onTurn();
  }

  return {
    push(key, work) {
      if (isStopped) return;
      length += 1;
      const tail = run(tails.get(key) ?? gate, work).then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      tails.set(key, tail);
    },
    pushAlone(work) {
      if (isStopped) return;
      length += 1;
      gate = run(Promise.all([gate, ...tails.values()]), work);
      // Whatever comes now, of whichever key, waits for the gate alone.
      tails.clear();
    },
    length: () => length,
    async stop() {
      isStopped = true;
      await Promise.all([gate, ...tails.values()]);
    },
  };
}
