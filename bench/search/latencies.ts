/** How long calls took, in ms. */
export interface Latencies {
  p50: number;
  p95: number;
  p99: number;
}

/** Calls that do not count. */
export const WARM_UP = 20;

/** Calls `work` with each item, one after the other, after {@link WARM_UP} of them. */
export async function latenciesOf<Item>(items: readonly Item[], work: (item: Item) => unknown): Promise<Latencies> {
  for (const item of items.slice(-WARM_UP)) await work(item);
  const times: number[] = [];
  for (const item of items) {
    const startedAt = performance.now();
    await work(item);
    times.push(performance.now() - startedAt);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
