import type { Address } from "@stoa/protocol";

/** A node's cost as an order meets it: the least maximum price that pays for it, in the token's smallest unit. */
export interface NodeCost {
  /** The node's provider: several nodes of one provider count as one, since their costs are one's secret. */
  provider: Address;
  maxPrice: bigint;
}

/** Some nodes that an order would need a maximum price above `above` and at most `upTo` for. */
export interface CostBand {
  above: bigint;
  upTo: bigint;
  /** To three: who comes or goes between two answers does not show by itself. */
  nodes: NodeCount;
}

export interface NodeCount {
  atLeast: number;
  atMost: number;
}

/** Fewest providers a band may hold (docs/auction.md, "Why no bids"). */
const BAND_NODES = 3;
/** The grid's edges within a decade: 0.01, 0.02, 0.05, 0.1, … */
const STEPS = [1n, 2n, 5n] as const;

/**
 * The least edge of the fixed grid 1, 2, 5, 10, 20, 50, … that is not below an amount.
 * @example
 * gridEdge(12_345n) // 20000n
 */
export function gridEdge(amount: bigint): bigint {
  for (let decade = 1n; ; decade *= 10n) {
    const step = STEPS.find((edge) => amount <= edge * decade);
    if (step !== undefined) return step * decade;
  }
}

/**
 * Tells nodes' costs in bands of at least three providers each, from the cheapest up: the only form in which a cost
 * leaves the market before its round's record does. Costs are rounded up to the grid first, and nothing else is looked
 * at, so the bands tell of one node's cost at most which two edges of the grid it lies between, whatever maximum price
 * is asked about. The dearest that do not fill a band are left out.
 * @example
 * costBands([{ provider: a, maxPrice: 11n }, { provider: b, maxPrice: 14n }, { provider: c, maxPrice: 19n }])
 * // [{ above: 0n, upTo: 20n, nodes: { atLeast: 3, atMost: 5 } }]
 */
export function costBands(costs: readonly NodeCost[]): CostBand[] {
  const edges = costs
    .map(({ provider, maxPrice }) => ({ provider: provider.toLowerCase(), edge: gridEdge(maxPrice) }))
    .sort((a, b) => (a.edge < b.edge ? -1 : a.edge > b.edge ? 1 : 0));
  const bands: CostBand[] = [];
  let above = 0n;
  let providers = new Set<string>();
  edges.forEach(({ provider, edge }, index) => {
    providers.add(provider);
    if (providers.size < BAND_NODES || edges[index + 1]?.edge === edge) return;
    bands.push({ above, upTo: edge, nodes: inThrees(providers.size) });
    above = edge;
    providers = new Set();
  });
  return bands;
}

/** A count, to three: 3 to 5, 6 to 8, and so on. */
function inThrees(count: number): NodeCount {
  const atLeast = Math.floor(count / BAND_NODES) * BAND_NODES;
  return { atLeast, atMost: atLeast + BAND_NODES - 1 };
}

/** The cheapest band that a maximum price does not pay for whole: what raising it to `upTo` would reach. */
export function nextBand(bands: readonly CostBand[], maxPrice: bigint): CostBand | undefined {
  return bands.find(({ upTo }) => upTo > maxPrice);
}
