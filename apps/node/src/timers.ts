/** Timers that end with their owner. */
export interface Timers extends Disposable {
  later(ms: number, work: () => void): void;
}

/** Makes a set of timers; disposing of it stops those that have not fired. */
export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  return {
    later(ms, work) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        work();
      }, ms);
      pending.add(timer);
    },
    [Symbol.dispose]() {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
