import { parseAmount } from "@stoa/protocol";
import type { CostText } from "./read-cost.ts";

/** A node's cost model in the token's smallest unit. */
export interface Cost {
  base: bigint;
  perKib: bigint;
  perSecond: bigint;
}

const KIB = 1_024;
const MS = 1_000n;

/**
 * Reads a cost model in the token's decimals.
 * @throws {StoaError} `malformed_amount` when a part has more decimals than the token
 */
export function toCost(text: CostText, decimals: number): Cost {
  return {
    base: parseAmount(text.base, decimals),
    perKib: parseAmount(text.perKib, decimals),
    perSecond: parseAmount(text.perSecond, decimals),
  };
}

/**
 * What one execution costs the node, rounded up: what it asks, because in this auction asking one's true
 * cost is the best one can do.
 * @param inputBytes size of the input
 * @param expectedMs how long it is likely to run
 * @example
 * costOf({ base: 1000n, perKib: 10n, perSecond: 200n }, 2048, 500) // 1120n
 */
export function costOf(cost: Cost, inputBytes: number, expectedMs: number): bigint {
  const kib = BigInt(Math.ceil(inputBytes / KIB));
  const time = (cost.perSecond * BigInt(Math.ceil(expectedMs)) + MS - 1n) / MS;
  return cost.base + cost.perKib * kib + time;
}
