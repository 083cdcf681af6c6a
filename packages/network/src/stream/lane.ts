import type { NetworkLog } from "../network-log.ts";

/** Work done one piece after the other, in the order it came. */
export interface Lane {
  push(work: () => Promise<void>): void;
  /** Pieces that wait. */
  length(): number;
  /** Lets the piece that runs finish and drops the rest. */
  stop(): Promise<void>;
}

/**
 * Makes an idle lane.
 * @param onTurn called after each piece
 */
export function createLane(onTurn: () => void, log: NetworkLog): Lane {
  const queue: (() => Promise<void>)[] = [];
  let isStopped = false;
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    for (let work = queue.shift(); work && !isStopped; work = queue.shift()) {
      try {
        await work();
        onTurn();
      } catch (error) {
        if (!isStopped) log.error({ err: error }, "a piece of work on a stream broke");
      }
    }
    running = null;
  }

  return {
    push(work) {
      if (isStopped) return;
      queue.push(work);
      running ??= Promise.resolve().then(drain);
    },
    length: () => queue.length,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}
