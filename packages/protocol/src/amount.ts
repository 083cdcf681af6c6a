import type { Brand } from "./brand.ts";
import { StoaError } from "./errors.ts";

/** Money as an integer of the settlement token's smallest unit. */
export type Amount = Brand<bigint, "Amount">;

/** The largest amount any message may carry: keeps every sum of a round inside 128 bits. */
export const MAX_AMOUNT = 10n ** 18n;

/** Marks an integer as an amount; the caller vouches for its unit. */
export const amount = (units: bigint): Amount => units as Amount;

/**
 * Reads a decimal text such as "0.05" as an integer of the token's smallest unit.
 * @param decimals the token's decimals (6 for the default stable coin)
 * @throws {StoaError} `malformed_amount` for a sign, an exponent, more decimals than the token has, or more than {@link MAX_AMOUNT}
 * @example
 * parseAmount("0.05", 6) // 50000n
 */
export function parseAmount(text: string, decimals: number): Amount {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) {
    throw new StoaError("malformed_amount", `expected a decimal number such as 0.05, got ${JSON.stringify(text)}`);
  }
  const [, whole = "0", fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new StoaError("malformed_amount", `the token has ${decimals} decimals, ${text} has ${fraction.length}`);
  }
  const units = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (units > MAX_AMOUNT) throw new StoaError("malformed_amount", `${text} is over the largest amount allowed`);
  return amount(units);
}

/**
 * Writes an integer amount as a decimal text, without trailing zeros.
 * @example
 * formatAmount(50000n, 6) // "0.05"
 */
export function formatAmount(units: bigint, decimals: number): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return sign + whole + (fraction && `.${fraction}`);
}
