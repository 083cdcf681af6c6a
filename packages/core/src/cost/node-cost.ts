import { parseAmount } from "@stoa/protocol";

/** What one execution costs a node, as decimal texts of the token. */
export interface CostText {
  base: string;
  perKib: string;
  perSecond: string;
}

/** A node's cost model in the token's smallest unit. */
export interface Cost {
  base: bigint;
  perKib: bigint;
  perSecond: bigint;
}

/** What a node takes an execution to cost it when its operator does not say. */
export const DEFAULT_COST = "base=0.001,kib=0.00001,second=0.0002";

/** More decimals than any token has: checks a cost's form before the market's token is known. */
const MOST_DECIMALS = 18;
const PARTS = ["base", "kib", "second"];
const KIB = 1_024;
const MS = 1_000n;

/**
 * Reads a node's terms, such as `base=0.001,kib=0.00001,second=0.0002`; a part left out costs nothing.
 * @returns null for anything else
 */
export function readCost(text: string): CostText | null {
  const parts = new Map(text.split(",").map((part) => part.split("=").map((side) => side.trim()) as [string, string]));
  if ([...parts.keys()].some((key) => !PARTS.includes(key))) return null;
  const [base, perKib, perSecond] = PARTS.map((key) => parts.get(key) ?? "0") as [string, string, string];
  try {
    toCost({ base, perKib, perSecond }, MOST_DECIMALS);
  } catch {
    return null;
  }
  return { base, perKib, perSecond };
}

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
