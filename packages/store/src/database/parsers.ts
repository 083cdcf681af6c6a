/** PostgreSQL's type numbers whose text form we read ourselves, the same way under both drivers. */
export const typeParsers: Record<number, (text: string) => unknown> = {
  20: BigInt,
  // Amounts and their sums; no query asks for fractions.
  1700: BigInt,
  1184: parseTimestamp,
};

/** Reads PostgreSQL's `2026-01-31 12:00:00.5+00` as epoch milliseconds. */
function parseTimestamp(text: string): number {
  const [date = "", rest = ""] = text.split(" ");
  const zone = /[+-]\d\d$/.test(rest) ? ":00" : "";
  return Date.parse(`${date}T${rest}${zone}`);
}
