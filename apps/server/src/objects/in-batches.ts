/** Most keys one batch takes. */
const MAX_BATCH = 500;

interface Caller<Result> {
  resolve(result: Result | undefined): void;
  reject(error: unknown): void;
}

/**
 * Does by batch what callers ask for by key: while one batch is on its way, all that is asked gathers for the next.
 * A key asked for twice is in a batch once.
 * @param work what came of a batch, by key
 */
export function inBatches<Key, Item, Result>(
  work: (batch: Map<Key, Item>) => Promise<ReadonlyMap<Key, Result>>,
): (key: Key, item: Item) => Promise<Result | undefined> {
  let waiting = new Map<Key, { item: Item; callers: Caller<Result>[] }>();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const batch = new Map([...waiting].slice(0, MAX_BATCH));
      waiting = new Map([...waiting].slice(MAX_BATCH));
      await answer(batch);
    }
    isRunning = false;
  }

  async function answer(batch: typeof waiting): Promise<void> {
    try {
      const results = await work(new Map([...batch].map(([key, { item }]) => [key, item])));
      for (const [key, { callers }] of batch) for (const { resolve } of callers) resolve(results.get(key));
    } catch (error) {
      for (const { callers } of batch.values()) for (const { reject } of callers) reject(error);
    }
  }

  return (key, item) =>
    new Promise((resolve, reject) => {
      const known = waiting.get(key);
      if (known) known.callers.push({ resolve, reject });
      else waiting.set(key, { item, callers: [{ resolve, reject }] });
      if (!isRunning) void run();
    });
}
