import { BPS } from "./reserve-price.ts";

/**
 * q by rule version 1: the part of the task's reserve price that a node's published penalty takes away.
 * It is zero for a node without penalty and never positive.
 * @param reserve r, in the token's smallest unit
 * @param penaltyBps the node's penalty in the reputation snapshot fixed before the round opened, 0 to 10000
 * @example
 * qualityTerm(1_000n, 250) // -25n
 */
export function qualityTerm(reserve: bigint, penaltyBps: number): bigint {
  return -((reserve * BigInt(penaltyBps)) / BPS);
}
