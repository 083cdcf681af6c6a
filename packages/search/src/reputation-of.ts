/** Standard deviations on either side of what was seen that hold 95 of 100 cases. */
const DEVIATIONS = 1.96;

/**
 * The share of its executions an agent delivers, at least, by those seen: few executions say little, however well they
 * went. From 0, before the first, to 1.
 * @see Wilson, "Probable inference, the law of succession, and statistical inference" (1927): the lower bound
 * @example
 * reputationOf({ delivered: 1, failed: 0 }) // 0.206…
 * reputationOf({ delivered: 100, failed: 0 }) // 0.963…
 */
export function reputationOf({ delivered, failed }: { delivered: number; failed: number }): number {
  const seen = delivered + failed;
  if (seen === 0) return 0;
  const share = delivered / seen;
  const square = DEVIATIONS ** 2;
  const spread = DEVIATIONS * Math.sqrt((share * (1 - share) + square / (4 * seen)) / seen);
  return Math.max(0, (share + square / (2 * seen) - spread) / (1 + square / seen));
}
