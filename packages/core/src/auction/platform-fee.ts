import { BPS } from "./reserve-price.ts";

/**
 * The platform's fee on top of a price: ⌊p·φ/10⁴⌋, in the token's smallest unit.
 * @example
 * platformFee(1_000n, 250) // 25n
 */
export function platformFee(price: bigint, feeBps: number): bigint {
  return (price * BigInt(feeBps)) / BPS;
}
