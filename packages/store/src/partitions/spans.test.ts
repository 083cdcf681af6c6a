import fc from "fast-check";
import { expect, test } from "vitest";
import { gapsIn, type Range, spanAt } from "./spans.ts";

test("every instant lies in its day and its month, and the next begins where one ends", () => {
  const instant = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
  fc.assert(
    fc.property(instant, fc.constantFrom("day", "month"), (at, span) => {
      const { from, to } = spanAt(at, span);
      expect(from <= at && at < to).toBe(true);
      expect(spanAt(from, span)).toEqual({ from, to });
      expect(spanAt(to, span).from).toBe(to);
    }),
  );
});

test("gaps and what others cover make up the whole range, and no gap touches another range", () => {
  const points = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(points, fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 40 }), (cuts, from, length) => {
      const sorted = cuts.toSorted((a, b) => a - b);
      const others: Range[] = [];
      for (let i = 0; i + 1 < sorted.length; i += 2) others.push({ from: sorted[i]!, to: sorted[i + 1]! });
      const range = { from, to: from + length };
      const gaps = gapsIn(range, others.toReversed());
      const covers = (ranges: readonly Range[], at: number) => ranges.filter((r) => r.from <= at && at < r.to).length;
      for (let at = 0; at < 110; at += 1) {
        const isWanted = at >= range.from && at < range.to && covers(others, at) === 0;
        expect(covers(gaps, at)).toBe(isWanted ? 1 : 0);
      }
    }),
  );
});
