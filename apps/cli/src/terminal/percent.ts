import { formatAmount, StoaError } from "@stoa/protocol";

const WHOLE_BPS = 10_000;

/**
 * Reads a share in percent, as basis points.
 * @throws {StoaError} `invalid_request` for anything else, and above the whole
 * @example
 * parsePercent("12.5", "--keep") // 1250
 */
export function parsePercent(text: string, what: string): number {
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new StoaError("invalid_request", `${what} must be a share in percent such as 12.5, got ${text}`);
  const [, whole = "0", fraction = ""] = match;
  if (fraction.length > 2) throw new StoaError("invalid_request", `${what} has at most 2 decimals, got ${text}`);
  const bps = Number(whole + fraction.padEnd(2, "0"));
  if (bps > WHOLE_BPS) throw new StoaError("invalid_request", `${what} is at most 100 percent, got ${text}`);
  return bps;
}

/** Writes basis points as "12.5 %". */
export function formatPercent(bps: number): string {
  return `${formatAmount(BigInt(bps), 2)} %`;
}
