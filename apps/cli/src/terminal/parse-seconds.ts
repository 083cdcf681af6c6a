import { StoaError } from "@stoa/protocol";

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * Reads a length of time such as 90, 90s, 5m, 2h or 1d, in seconds.
 * @throws {StoaError} `invalid_request` for anything else
 * @example
 * parseSeconds("5m", "--deadline") // 300
 */
export function parseSeconds(text: string, what: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text.trim());
  if (!match)
    throw new StoaError(
      "invalid_request",
      `${what} must be a length of time such as 90s, 5m or 2h, got ${JSON.stringify(text)}`,
    );
  return Number(match[1]) * UNITS[(match[2] || "s") as keyof typeof UNITS];
}
