/** How long calls took, in ms. */
export interface Latencies {
  p50: number;
  p95: number;
  p99: number;
  /** Processor time of one, on average: what the machine does besides does not change it. */
  processor: number;
}

/** Calls that do not count. */
const WARM_UP = 20;

/**
 * Calls `work` with each item, one after the other, after some calls that do not count.
 * @param processorMs what is used so far by the process that works; this one by default
 */
export async function latenciesOf<Item>(
  items: readonly Item[],
  work: (item: Item) => unknown,
  processorMs: () => number = ownProcessorMs,
): Promise<Latencies> {
  for (const item of items.slice(-WARM_UP)) await work(item);
  const times: number[] = [];
  const before = processorMs();
  for (const item of items) {
    const startedAt = performance.now();
    await work(item);
    times.push(performance.now() - startedAt);
  }
  const processor = (processorMs() - before) / items.length;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), processor };
}

function ownProcessorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
