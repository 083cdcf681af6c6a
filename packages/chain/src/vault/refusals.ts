import type { Hash } from "@stoa/protocol";
import type { Refused } from "./submit-items.ts";

/** The vault's `Refusal`, by its numbers. */
export const REFUSALS = [
  "None",
  "Parties",
  "Bounds",
  "Late",
  "Receipt",
  "Acceptance",
  "Spent",
  "Marked",
  "Funds",
  "Order",
  "Operator",
] as const;

/** What the vault says of an item it would skip. */
export function refusedFor(orderHash: Hash, refusal: number): Refused {
  return { orderHash, reason: `NotAccepted(${REFUSALS[refusal] ?? refusal})`, error: "NotAccepted" };
}
