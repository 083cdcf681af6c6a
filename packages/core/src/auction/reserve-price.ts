/** Basis points of a whole. */
export const BPS = 10_000n;

/**
 * r: the most that can be charged before the platform fee so that price and fee stay within the maximum.
 * @param maxPrice M, in the token's smallest unit
 * @param feeBps φ, in basis points
 * @example
 * reservePrice(1_050n, 500) // 1000n
 */
export function reservePrice(maxPrice: bigint, feeBps: number): bigint {
  return (maxPrice * BPS) / (BPS + BigInt(feeBps));
}
