/** How much time a new partition covers. */
export type Span = "day" | "month";

/** From an instant to the next, epoch milliseconds. */
export interface Range {
  from: number;
  /** Exclusive. */
  to: number;
}

/** The day or month of UTC an instant lies in. */
export function spanAt(at: number, span: Span): Range {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return span === "day"
    ? { from: Date.UTC(year, month, day), to: Date.UTC(year, month, day + 1) }
    : { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

/** The parts of a range that no other covers. */
export function gapsIn({ from, to }: Range, others: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let at = from;
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    if (other.to <= at || other.from >= to) continue;
    if (other.from > at) gaps.push({ from: at, to: other.from });
    at = other.to;
  }
  if (at < to) gaps.push({ from: at, to });
  return gaps;
}
