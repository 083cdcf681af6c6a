import { StoaError } from "@stoa/protocol";

/**
 * Reads a number that something has on chain.
 * @throws {StoaError} `malformed_id` for anything but digits
 */
export function parseNumber(text: string, what: string): bigint {
  if (/^\d{1,78}$/.test(text)) return BigInt(text);
  throw new StoaError("malformed_id", `${what} must be a whole number such as 3, got ${JSON.stringify(text)}`);
}
