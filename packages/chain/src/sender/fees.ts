import type { Chain } from "../client/connect-chain.ts";

/** In wei for each unit of gas. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** The base fee rises by an eighth a block at most: twice of it is enough for the next five full blocks. */
const BASE_FEES = 2n;
/** Pools take a replacement that raises both fees by 10 % (geth, reth, Nethermind, Besu) or 12.5 % (Erigon's kin). */
const BUMP_PERMILLE = 1_125n;

/** What a transaction has to offer now, as far as the bound lets it. */
export async function currentFees(chain: Chain, bound: bigint): Promise<Fees> {
  const [block, tip] = await Promise.all([
    chain.client.getBlock({ blockTag: "latest" }),
    chain.client.estimateMaxPriorityFeePerGas(),
  ]);
  const wanted = (block.baseFeePerGas ?? 0n) * BASE_FEES + tip;
  const maxFeePerGas = wanted < bound ? wanted : bound;
  return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
}

/**
 * What a transaction has to offer to take another's place: what it costs now, and in any case so much more than the
 * other that pools let it in. Null when that is over the bound.
 */
export function raisedFees(before: Fees, now: Fees, bound: bigint): Fees | null {
  const maxFeePerGas = greater(raise(before.maxFeePerGas), now.maxFeePerGas);
  if (maxFeePerGas > bound) return null;
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: least(greater(raise(before.maxPriorityFeePerGas), now.maxPriorityFeePerGas), maxFeePerGas),
  };
}

const raise = (fee: bigint) => (fee * BUMP_PERMILLE + 999n) / 1_000n + (fee === 0n ? 1n : 0n);
const greater = (a: bigint, b: bigint) => (a > b ? a : b);
const least = (a: bigint, b: bigint) => (a < b ? a : b);
