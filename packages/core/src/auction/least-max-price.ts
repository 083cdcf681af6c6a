import { BPS } from "./reserve-price.ts";

/**
 * The least maximum price an order must carry so that a node's cost and the platform fee fit into it.
 * @param cost c: ask and royalty, in the token's smallest unit
 * @param feeBps φ, in basis points
 * @example
 * leastMaxPrice(1_000n, 500) // 1050n
 */
export function leastMaxPrice(cost: bigint, feeBps: number): bigint {
  return (cost * (BPS + BigInt(feeBps)) + BPS - 1n) / BPS;
}
