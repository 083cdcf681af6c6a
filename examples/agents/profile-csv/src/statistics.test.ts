import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile, summarizeNumbers } from "./statistics.ts";

const cellsOf = (values: number[]) => values.map((value, index) => ({ row: index + 1, value }));

test("the summary of known numbers is the known one", () => {
  const summary = summarizeNumbers(cellsOf([2, 4, 4, 4, 5, 5, 7, 9]));
  expect(summary).toMatchObject({
    min: 2,
    max: 9,
    sum: 40,
    mean: 5,
    median: 4.5,
    standardDeviation: 2.138089935,
    quantiles: { p25: 4, p75: 5.5 },
  });
});

test("outliers are told by their row, by quartiles and, where those coincide, by the median distance", () => {
  const byQuartiles = summarizeNumbers(cellsOf([10, 11, 12, 11, 10, 12, 11, 100])).outliers;
  expect(byQuartiles).toMatchObject({ count: 1, method: "iqr", examples: [{ row: 8, value: 100 }] });
  const mostlyEqual = summarizeNumbers(cellsOf([...Array.from({ length: 20 }, () => 5), 6, 4, 500])).outliers;
  expect(mostlyEqual).toMatchObject({ count: 1, method: "mad", examples: [{ row: 23, value: 500 }] });
  expect(summarizeNumbers(cellsOf(Array.from({ length: 20 }, () => 5))).outliers).toMatchObject({
    count: 0,
    method: "none",
  });
  expect(summarizeNumbers(cellsOf([1, 1000])).outliers.method).toBe("none");
});

test("for any numbers the quantiles are in order and within the range", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1].map((share) => quantile(sorted, share));
        expect(shares[0]).toBe(sorted[0]);
        expect(shares.at(-1)).toBe(sorted.at(-1));
        for (let index = 1; index < shares.length; index += 1)
          expect(shares[index]!).toBeGreaterThanOrEqual(shares[index - 1]!);
        const { mean, standardDeviation } = summarizeNumbers(cellsOf(values));
        expect(mean).toBeGreaterThanOrEqual(sorted[0]! - 1e-3);
        expect(mean).toBeLessThanOrEqual(sorted.at(-1)! + 1e-3);
        expect(standardDeviation).toBeGreaterThanOrEqual(0);
      },
    ),
    { examples: [[[-0, 0]]] },
  );
});

test("the least and the greatest are given as they are, a zero with its sign", () => {
  expect(quantile([-0, 0], 0)).toBe(-0);
  expect(quantile([0, -0], 1)).toBe(-0);
});
