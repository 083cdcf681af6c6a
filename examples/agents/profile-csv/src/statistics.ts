/** What numbers say as a whole. Quantiles interpolate linearly between neighbours (type 7 of Hyndman and Fan). */
export interface NumberSummary {
  min: number;
  max: number;
  sum: number;
  mean: number;
  median: number;
  /** Of the sample: divided by n − 1. */
  standardDeviation: number;
  quantiles: { p05: number; p25: number; p75: number; p95: number };
  outliers: OutlierSummary;
}

export interface OutlierSummary {
  count: number;
  /** Values below and above these are outliers. */
  lower: number;
  upper: number;
  method: "iqr" | "mad" | "none";
  /** The farthest from the median first. */
  examples: { row: number; value: number }[];
}

const MOST_EXAMPLES = 5;
/** Tukey's fence, and the bound for modified z-scores (Iglewicz and Hoaglin, 1993). */
const IQR_FENCE = 1.5;
const MAD_BOUND = 3.5;
const MAD_TO_DEVIATION = 0.6745;
const FEWEST_FOR_OUTLIERS = 8;

/** The value below which a share of sorted numbers lies. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const left = sorted[low]!;
  if (place === low) return left;
  const right = sorted[low + 1]!;
  // Rounding can carry the sum past the neighbour.
  return Math.min(left + (right - left) * (place - low), right);
}

/** Rounds to ten significant digits, so that 0.1 + 0.2 reads as 0.3. */
export function tidy(value: number): number {
  return Number(value.toPrecision(10));
}

/** Mean and variance in one pass that does not lose digits (Welford, 1962). */
function moments(values: readonly number[]): { mean: number; deviation: number } {
  let mean = 0;
  let squares = 0;
  values.forEach((value, index) => {
    const before = value - mean;
    mean += before / (index + 1);
    squares += before * (value - mean);
  });
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/**
 * Outliers by Tukey's fences; where half the values are one and the same, by the distance from the median in units of
 * the median distance, and with neither to measure by, none.
 */
export function findOutliers(
  cells: readonly { row: number; value: number }[],
  sorted: readonly number[],
): OutlierSummary {
  const none: OutlierSummary = { count: 0, lower: sorted[0]!, upper: sorted.at(-1)!, method: "none", examples: [] };
  if (sorted.length < FEWEST_FOR_OUTLIERS) return none;
  const median = quantile(sorted, 0.5);
  const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  let bounds = {
    lower: low - IQR_FENCE * (high - low),
    upper: high + IQR_FENCE * (high - low),
    method: "iqr" as OutlierSummary["method"],
  };
  if (high === low) {
    const distances = sorted
      .map((value) => Math.abs(value - median))
      .filter((distance) => distance > 0)
      .sort((a, b) => a - b);
    // The median distance of all values is zero here: the median of those that differ stands in for it.
    if (distances.length === 0) return none;
    const reach = (MAD_BOUND / MAD_TO_DEVIATION) * quantile(distances, 0.5);
    bounds = { lower: median - reach, upper: median + reach, method: "mad" };
  }
  const outside = cells.filter(({ value }) => value < bounds.lower || value > bounds.upper);
  const examples = outside
    .toSorted((a, b) => Math.abs(b.value - median) - Math.abs(a.value - median))
    .slice(0, MOST_EXAMPLES);
  return {
    count: outside.length,
    lower: tidy(bounds.lower),
    upper: tidy(bounds.upper),
    method: bounds.method,
    examples,
  };
}

/** Summarises the numbers of a column; `row` counts data rows from 1. There must be at least one. */
export function summarizeNumbers(cells: readonly { row: number; value: number }[]): NumberSummary {
  const values = cells.map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const { mean, deviation } = moments(values);
  const at = (share: number) => tidy(quantile(sorted, share));
  return {
    min: sorted[0]!,
    max: sorted.at(-1)!,
    sum: tidy(values.reduce((sum, value) => sum + value, 0)),
    mean: tidy(mean),
    median: at(0.5),
    standardDeviation: tidy(deviation),
    quantiles: { p05: at(0.05), p25: at(0.25), p75: at(0.75), p95: at(0.95) },
    outliers: findOutliers(cells, sorted),
  };
}
