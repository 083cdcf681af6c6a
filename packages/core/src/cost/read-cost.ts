import { parseAmount } from "@stoa/protocol";

/** What one execution costs a node, as decimal texts of the token. */
export interface CostText {
  base: string;
  perKib: string;
  perSecond: string;
}

/** What a node takes an execution to cost it when its operator does not say. */
export const DEFAULT_COST = "base=0.001,kib=0.00001,second=0.0002";

/** More decimals than any token has: checks a cost's form before the market's token is known. */
const MOST_DECIMALS = 18;
const PARTS = ["base", "kib", "second"];

/**
 * Reads a node's terms, such as `base=0.001,kib=0.00001,second=0.0002`; a part left out costs nothing.
 * @returns null for anything else
 */
export function readCost(text: string): CostText | null {
  const parts = new Map(text.split(",").map((part) => part.split("=").map((side) => side.trim()) as [string, string]));
  if ([...parts.keys()].some((key) => !PARTS.includes(key))) return null;
  const [base, perKib, perSecond] = PARTS.map((key) => parts.get(key) ?? "0") as [string, string, string];
  try {
    for (const part of [base, perKib, perSecond]) parseAmount(part, MOST_DECIMALS);
  } catch {
    return null;
  }
  return { base, perKib, perSecond };
}
