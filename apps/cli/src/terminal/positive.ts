import { StoaError } from "@stoa/protocol";

/** @throws {StoaError} `malformed_amount` for zero */
export function positive(amount: bigint, text: string): bigint {
  if (amount > 0n) return amount;
  throw new StoaError("malformed_amount", `expected an amount above zero, got ${text}`);
}
